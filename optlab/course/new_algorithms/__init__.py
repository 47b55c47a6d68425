"""Notebook 05.4: new algorithms."""
