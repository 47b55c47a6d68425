"""Notebook 05.1: number formats and compilers."""
