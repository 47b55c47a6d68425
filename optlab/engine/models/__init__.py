"""Models, how their weights begin, losses and penalties."""
