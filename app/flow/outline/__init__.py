"""A definition as an outline: its things in a tree, a form for each, what was typed as edits of the text.

Everything is read from flow.yaml as it is written, so that a draft with mistakes can be mended as well.
"""
