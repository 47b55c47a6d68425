"""Sweeps of more settings than one process should train: cut into chunks, spread, kept on disk."""
