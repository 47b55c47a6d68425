"""Notebook 05.2: adaptive methods."""
