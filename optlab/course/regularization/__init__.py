"""Notebook 03.5: regularization."""
