"""Notebook 05: trends."""
