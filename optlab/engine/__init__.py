"""Numbers: training, update rules, models, data. Knows no widget, no figure and no lesson."""
