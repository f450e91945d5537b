"""The gate before a version goes live: lint, scenarios, safety rules, and recorded runs replayed on it."""
