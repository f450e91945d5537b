"""Answers nobody ever gave: invented people, numbers and addresses, by type of field."""
