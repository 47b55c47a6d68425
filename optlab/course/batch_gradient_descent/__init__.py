"""Notebook 03.2: batch gradient descent."""
