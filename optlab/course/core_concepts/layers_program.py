"""Signals through a deep network: the sizes of activation and gradient, layer by layer."""

import torch

# Settings: change them here.
std = 0.05
activation = "relu"  # "relu" or "tanh"
width = 200
depth = 30
every = 2  # layers from one line to the next

draw = torch.Generator().manual_seed(0)


def normal(*shape):
    return torch.randn(*shape, generator=draw, dtype=torch.float64)


phi = getattr(torch, activation)
hidden = [normal(width, 32).requires_grad_()]  # 32 inputs, one a column
for _ in range(depth):
    hidden.append(phi(std * normal(width, width) @ hidden[-1]))
gradients = torch.autograd.grad(hidden[-1], hidden, normal(width, 32))

for layer in range(0, depth + 1, every):
    there, back = (signal[layer].square().mean().sqrt().item() for signal in (hidden, gradients))
    print(f"layer {layer}  size of the activation {there:.6g}  size of the gradient {back:.6g}")
