"""How people get through a flow: who stood where, which way they left, how long it took.

Counted from what the journal says of each step, a run at a time; what is shown of it hides small numbers.
"""
