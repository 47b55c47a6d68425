"""Notebook 01: what optimisation is about."""
