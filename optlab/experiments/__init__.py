"""The experiments of the course: for each what is run, and what theory says of it, as plain numbers.

An experiment knows nothing of how it is drawn: `optlab.figures` draws it, `optlab.labs` puts sliders to it.
"""
