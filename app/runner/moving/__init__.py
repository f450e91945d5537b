"""Letting runs under way go on on another version: what would come of it, and carrying it out."""
