"""Notebook 03.1: gradient descent."""
