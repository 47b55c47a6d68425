"""Closed forms for descent on a quadratic: which rates converge, and how fast.

Along an eigen-direction of curvature λ, gradient descent multiplies the distance to the minimum by 1 − αλ
in every step. All of this module follows from that. Arguments broadcast against each other.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["best_momentum", "best_rate", "factor", "largest_rate", "momentum_roots", "worst_factor"]


def largest_rate(steepest: Any, momentum: Any = 0.0) -> Any:
    """The learning rate at which descent stops converging: 2(1 + β)/L.

    Args:
        steepest: L, the largest curvature, above 0.
        momentum: β, 0 to below 1; 0 is plain gradient descent.

    Returns:
        The rate, in the shape that the arguments broadcast to.

    Example:
        >>> largest_rate(10.0), largest_rate(10.0, momentum=0.5)
        (0.2, 0.3)

    Source:
        B. Polyak, "Some methods of speeding up the convergence of iteration methods", 1964.
    """
    return 2 * (1 + momentum) / steepest


def best_rate(flattest: Any, steepest: Any) -> Any:
    """The rate at which plain descent is fastest on a quadratic: 2/(μ + L).

    Both ends of the spectrum then shrink alike, by (κ − 1)/(κ + 1) a step, where κ = L/μ.

    Args:
        flattest: μ, the smallest curvature, above 0.
        steepest: L, the largest.

    Returns:
        The rate.

    Example:
        >>> best_rate(1.0, 9.0)
        0.2
    """
    return 2 / (flattest + steepest)


def best_momentum(flattest: Any, steepest: Any) -> tuple[Any, Any]:
    """The pair at which the heavy ball is fastest: α = 4/(√L + √μ)², β = ((√κ − 1)/(√κ + 1))².

    The distance then shrinks by √β = (√κ − 1)/(√κ + 1) a step.

    Args:
        flattest: μ, the smallest curvature, above 0.
        steepest: L, the largest.

    Returns:
        α and β.

    Example:
        >>> lr, momentum = best_momentum(1.0, 9.0)
        >>> float(lr), float(momentum)
        (0.25, 0.25)

    Source:
        B. Polyak, 1964; G. Goh, "Why momentum really works", Distill, 2017.
    """
    wide, narrow = np.sqrt(steepest), np.sqrt(flattest)
    return 4 / (wide + narrow) ** 2, ((wide - narrow) / (wide + narrow)) ** 2


def momentum_roots(curvature: Any, lr: Any, momentum: Any) -> tuple[Any, Any]:
    """The two roots of z² − (1 + β − αλ) z + β = 0, which rule the heavy ball along one eigen-direction.

    Complex roots mean that it swings; the larger of their sizes is the factor that is left a step.

    Args:
        curvature: λ.
        lr: α.
        momentum: β, 0 to below 1; with 0 the roots are 1 − αλ and 0.

    Returns:
        Both roots, complex.

    Example:
        >>> [complex(z) for z in momentum_roots(1.0, lr=2.25, momentum=0.25)]
        [(-0.5+0j), (-0.5+0j)]

    Source:
        G. Goh, "Why momentum really works", Distill, 2017.
    """
    half = (1 + np.asarray(momentum) - np.asarray(lr) * curvature) / 2
    swing = np.sqrt(half**2 - momentum + 0j)
    return half + swing, half - swing


def factor(curvature: Any, lr: Any, momentum: Any = 0.0) -> Any:
    """What is left of the distance along one eigen-direction after a step, in the long run.

    Args:
        curvature: λ.
        lr: α.
        momentum: β.

    Returns:
        The larger size of the two roots; |1 − αλ| without momentum. Below 1 it converges.

    Example:
        >>> float(factor(10.0, lr=0.15)), float(factor(1.0, lr=0.5, momentum=0.25).round(6))
        (0.5, 0.5)
    """
    first, second = momentum_roots(curvature, lr, momentum)
    return np.maximum(np.abs(first), np.abs(second))


def worst_factor(flattest: Any, steepest: Any, lr: Any, momentum: Any = 0.0) -> Any:
    """The factor of the slower of the two ends of the spectrum, which decides in the end.

    Args:
        flattest: μ.
        steepest: L.
        lr: α.
        momentum: β.

    Returns:
        max(factor(μ), factor(L)).

    Example:
        >>> float(worst_factor(1.0, 9.0, lr=0.2).round(3))
        0.8
    """
    return np.maximum(factor(flattest, lr, momentum), factor(steepest, lr, momentum))
