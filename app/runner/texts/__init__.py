"""The texts of a definition in all its languages: shown side by side, sent out as a table, taken back."""
