"""Notebook 02: core concepts."""
