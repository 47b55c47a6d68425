"""Gradient descent with momentum, the heavy ball, in a ravine: runs, theory, and how it moves."""

import numpy as np

from optlab.course.gradient_descent.descent import decay, ravine_descent
from optlab.engine.analysis.follow import Descent
from optlab.engine.analysis.quadratic import largest_rate, worst_factor


def heavy_ball(settings: dict[str, np.ndarray], *, steps: int = 100) -> Descent:
    """Descend ravines with momentum, from an angle of 60°.

    Args:
        settings: `lr`, `momentum` and `kappa`, each `(settings,)`.
        steps: the most steps.

    Returns:
        The runs.

    Source:
        B. Polyak, 1964; G. Goh, "Why momentum really works", Distill, 2017.
    """
    return ravine_descent(settings, steps=steps, optimizer="momentum", momentum=settings["momentum"])


def expected(descent: Descent) -> np.ndarray:
    """The loss that theory expects at these α and β, in the long run, `(settings, steps + 1)`."""
    kappa, lr, momentum = (descent.settings[name] for name in ("kappa", "lr", "momentum"))
    return decay(descent, worst_factor(1.0, kappa, lr, momentum))


def phase(kappa: float, lr: float, momentum: float) -> str:
    """How the heavy ball moves in a ravine with curvatures 1 and κ.

    Args:
        kappa: κ.
        lr: α.
        momentum: β.

    Returns:
        `"diverges"`, `"zigzags"` (across the valley it changes sides in every step), `"creeps"` (along the
        valley it never swings: β is too small) or `"swings"` (all directions swing: β alone sets the speed).

    Example:
        >>> [phase(100.0, lr, momentum) for lr, momentum in ((0.1, 0.0), (0.01, 0.5), (0.01, 0.95))]
        ['diverges', 'creeps', 'swings']

    Source:
        G. Goh, "Why momentum really works", Distill, 2017.
    """
    if lr >= largest_rate(kappa, momentum):
        return "diverges"
    if lr * kappa > (1 + np.sqrt(momentum)) ** 2:
        return "zigzags"
    return "creeps" if lr < (1 - np.sqrt(momentum)) ** 2 else "swings"
