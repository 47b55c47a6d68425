"""A plain descent with torch's own optimiser, and whether a program prints the loss that a lab shows."""

import numpy as np
import torch
from printed_programs import DIGITS, EVERY, first_departure, nudged, printed, random_settings


def plain_descent(fn, start, steps, **sgd):
    """Every point of a descent of `torch.optim.SGD`, `(steps + 1, 2)`."""
    theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([theta], **sgd)
    path = [theta.detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        fn(theta[None])[0].backward()
        optimizer.step()
        path.append(theta.detach().clone())
    return torch.stack(path).numpy()


def heavy_ball_steps(kappa, lr, momentum=0.0, cap=100):
    """Steps until ½(u² + κv²) is at most 1e-6, from radius 2 at 60 degrees; in the eigen-directions."""
    x = 2 * np.array([np.cos(np.pi / 3), np.sin(np.pi / 3)])
    curvature, v = np.array([1.0, kappa]), np.zeros(2)
    with np.errstate(over="ignore", invalid="ignore"):
        for step in range(cap + 1):
            if curvature @ x**2 / 2 <= 1e-6:
                return step
            v = momentum * v + curvature * x
            x = x - lr * v
    return np.inf


def check_program(lab):
    """At drawn settings the program prints the loss to four digits, and diverges where the lab's run does.

    A curve is compared up to the step where settings changed by rounding lead elsewhere.
    """
    settings = random_settings(lab.grid.params)
    whole, runs, others = 0, lab.source.run(settings), lab.source.run(nudged(settings, 1e-15))
    for run, other in zip(runs, others, strict=True):
        curve, end = run.loss[0], first_departure(run.loss[0], other.loss[0])
        numbers = printed(lab.program(run.setting(0) | EVERY), "loss")
        known = np.flatnonzero(np.isfinite(curve[:end]))
        np.testing.assert_allclose(numbers[known], curve[known], rtol=DIGITS, err_msg=str(run.setting(0)))
        if end == len(curve):
            whole += 1
            assert np.count_nonzero(np.isfinite(numbers)) == len(known)
    assert whole >= 0.75 * len(runs)
