"""Small data sets and how they are split."""
