"""Three rates at which one sample a step fails: first the mean of all walks, then every walk, then J itself.

Far from the solution a step is e ← (I − α xᵢxᵢᵀ) e with a random i. Whether such a product of random matrices
shrinks is decided by its Lyapunov exponent: what a step adds to log |e|, in the mean over all steps.
"""

from functools import cache

import numpy as np

from optlab.course.stochastic_gradient_descent.theory import largest_noisy_rate
from optlab.engine.analysis.least_squares import LeastSquares, fitness_club
from optlab.engine.validation import positive

DIRECTIONS = 120
"""As many directions of e are told apart."""
STEPS = 20
"""After as many steps the direction of the start is forgotten."""


def growth(problem: LeastSquares, lr: float) -> float:
    """What a step adds to log |e| in the long run, one random sample a step: the Lyapunov exponent.

    Below 0 almost every walk forgets where it began, and the cloud of all seeds settles, though
    maybe so wide that its mean gap has no bound.

    Args:
        problem: least squares with two features.
        lr: α, above 0.

    Returns:
        The exponent.

    Raises:
        ValueError: if there are not two features, or `lr` is out of range.

    Example:
        >>> [round(growth(fitness_club(), lr), 2) for lr in (0.1, 0.8, 1.0)]
        [-0.04, -0.13, 0.02]

    Source:
        H. Furstenberg and H. Kesten, "Products of random matrices", 1960.
    """
    lr = float(positive("lr", lr)[0])
    if problem.x.shape[1] != 2:
        raise ValueError(f"problem has {problem.x.shape[1]} features: expected 2")
    angles = np.arange(DIRECTIONS) * np.pi / DIRECTIONS
    before = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    steps = lr * (before @ problem.x.T)[..., None] * problem.x
    after = before[:, None] - steps  # (directions, samples, 2)
    gained = np.log(np.maximum(np.linalg.norm(after, axis=-1), 1e-12)).mean(1)
    places = np.arctan2(after[..., 1], after[..., 0]) % np.pi * DIRECTIONS / np.pi
    for _ in range(STEPS):
        gained = np.interp(places, np.arange(DIRECTIONS + 1), np.append(gained, gained[0])).mean(1)
    return float(gained.mean())


@cache
def cliffs() -> tuple[float, float, float]:
    """The α above which the fitness club's mean gap has no bound, its cloud flies apart, J itself diverges.

    Example:
        >>> np.round(cliffs(), 2).tolist()
        [0.67, 0.98, 1.18]

    Source:
        M. Gürbüzbalaban, U. Şimşekli and L. Zhu, "The heavy-tail phenomenon in SGD", 2021.
    """
    club = fitness_club()
    low, high = largest_noisy_rate(club), 2 / club.curvatures[-1]
    settles, flies = low, high
    while flies - settles > 1e-3:
        middle = (settles + flies) / 2
        settles, flies = (middle, flies) if growth(club, middle) < 0 else (settles, middle)
    return low, float(settles), float(high)
