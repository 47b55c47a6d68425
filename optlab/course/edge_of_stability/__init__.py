"""Notebook 05.5: the edge of stability."""
