"""Replaying recorded runs: on their own definition, on another one, and telling why a step went as it did."""
