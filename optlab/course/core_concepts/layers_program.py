"""Signals through a deep network: the sizes of its activations, then of its gradients."""

import torch

# Settings: change them here.
std = 0.05
activation = "relu"  # "relu" or "tanh"
width = 200
depth = 30

draw = torch.Generator().manual_seed(0)


def normal(*shape):
    return torch.randn(*shape, generator=draw, dtype=torch.float64)


phi = getattr(torch, activation)
hidden = [normal(width, 32).requires_grad_()]  # 32 inputs, one a column
for _ in range(depth):
    hidden.append(phi(std * normal(width, width) @ hidden[-1]))
gradients = torch.autograd.grad(hidden[-1], hidden, normal(width, 32))

for signal in (*hidden, *gradients):
    print(f"{signal.square().mean().sqrt().item():.6g}")
