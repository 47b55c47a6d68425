"""Notebook 01.1: algorithms and networks."""
