"""Driving generated paths through the real application, by HTTP and in a browser."""
