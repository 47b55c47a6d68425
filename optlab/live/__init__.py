"""Labs in a browser: sliders, declared plots, films. Knows no torch and no lesson."""
