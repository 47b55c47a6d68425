"""Walks over the fitness club's loss with torch's own optimiser, and the optimality gap from residuals."""

import numpy as np
import torch

from optlab.engine.analysis.least_squares import fitness_club

CLUB = fitness_club()
X, Y = torch.from_numpy(CLUB.x), torch.from_numpy(CLUB.y)


def torchs_own(order, rates, start):
    """Every point of a walk, or of one walk for each column of `order`, one sample a step."""
    order = torch.as_tensor(order)
    theta = torch.tensor(start, dtype=torch.float64).expand(*order.shape[1:], 2).clone().requires_grad_()
    optimizer = torch.optim.SGD([theta], lr=1.0)
    path = [theta.detach().numpy().copy()]
    for i, lr in zip(order, rates, strict=True):
        optimizer.param_groups[0]["lr"] = lr
        optimizer.zero_grad()
        (((X[i] * theta).sum(-1) - Y[i]) ** 2 / 2).sum().backward()
        optimizer.step()
        path.append(theta.detach().numpy().copy())
    return np.array(path)


def plain_gap(points):
    """The optimality gap, from residuals alone."""
    best = np.linalg.lstsq(CLUB.x, CLUB.y, rcond=None)[1][0] / 40
    return ((points @ CLUB.x.T - CLUB.y) ** 2).mean(-1) / 2 - best
