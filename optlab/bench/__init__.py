"""`optlab bench`: what training, watching, dragging and growing cost, beside other ways to do the same."""
