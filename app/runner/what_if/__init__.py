"""What another value of a limit would have meant to recorded runs: bounds, never a forecast.

A record says what was asked and by which numbers, not what a person would have done afterwards. So it is
counted who was stopped or let on at the limit itself; what follows is not guessed.
"""
