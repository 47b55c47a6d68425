"""Notebook 05.6: open questions."""
