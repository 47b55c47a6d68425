"""Notebook 06: frequent questions."""
