"""Notebook 00: the first lab."""
