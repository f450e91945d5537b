"""Scenarios: what must happen, told by analysts in business words and tried on the real engine."""
