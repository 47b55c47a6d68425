"""The error of a slope measured by finite differences, for every step h from 1e-16 to 1."""

import torch

# Settings: change them here.
theta = -1.0
method = "central"  # "central" or "forward"
dtype = "float32"  # "float32" or "float64"
every = 2  # of 33 steps h, those that are printed


def J(theta):
    return torch.nn.functional.softplus(-theta)  # log(1 + e^-theta)


leaf = torch.tensor(theta, dtype=torch.float64, requires_grad=True)
(true,) = torch.autograd.grad(J(leaf), leaf)

steps = [float(f"{10 ** (k / 2 - 16):.2g}") for k in range(33)]
h = torch.tensor(steps, dtype=getattr(torch, dtype))
here = leaf.detach().to(h)
left, width = (here - h, 2 * h) if method == "central" else (here, h)
measured = (J(here + h) - J(left)) / width
print(f"the slope by autograd {true:.12f}")
print(f"errors in {dtype}:")
for step, error in list(zip(steps, (measured.double() - true).abs()))[::every]:
    print(f"step h {step:g}  {dtype} {error:.6g}")
