"""Notebook 01.3: hardware and software."""
