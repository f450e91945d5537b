"""Drafting: one draft a flow, edited by several people, by forms, as text or on the diagram.

Text is the only truth: every way of editing changes the files, and whatever is shown is read from them.
"""
