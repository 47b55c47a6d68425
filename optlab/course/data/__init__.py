"""Notebook 01.2: data."""
