"""Paths through a definition: generated, counted as covered, proven impossible, driven by others."""
