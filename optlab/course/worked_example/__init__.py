"""Notebook 04: the worked example."""
