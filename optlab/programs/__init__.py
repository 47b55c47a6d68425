"""A lab's setting as a complete program in plain PyTorch, one function for each kind of lab."""
