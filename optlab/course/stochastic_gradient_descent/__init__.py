"""Notebook 03.3: stochastic gradient descent."""
