"""What each guard may answer at a place, for the generated paths: beside the guards, never asked by a run.

What the world outside or the applicant can bring about just before a step is free; what follows from the
run's own history alone follows the facts (`app.flow.paths.facts`).
"""
