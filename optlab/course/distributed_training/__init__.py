"""Notebook 05.3: distributed training."""
