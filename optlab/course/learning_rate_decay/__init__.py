"""Notebook 03.4: learning-rate decay."""
