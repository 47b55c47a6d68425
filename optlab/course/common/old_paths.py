"""Where the axes of the older panels end."""

TOP = 0.86
"""As a fraction of the figure: two lines of text stand above."""
