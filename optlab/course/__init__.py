"""The lessons: one folder a notebook, and what they share."""
