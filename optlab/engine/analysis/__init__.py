"""Descent on surfaces, and what theory says of it."""
