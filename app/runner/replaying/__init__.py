"""Replaying what is recorded: read only, nothing is asked outside, no run is left out.

Records that replay must treat alike carry the same fold; each fold is decided once, and every run is walked
by its folds.
"""
