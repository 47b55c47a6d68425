"""A linear model with a penalty: ridge's closed form, and gradient descent on any of the penalties."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab import descend
from optlab.engine.data.diabetes import Regression
from optlab.engine.models.penalties import proximal
from optlab.engine.validation import non_negative


def ridge(data: Regression, l2: Any) -> np.ndarray:
    """The weights that minimise J = (1/n)Σ(xw − y)² + λΣw²: w = (XᵀX/n + λI)⁻¹ Xᵀy/n.

    Args:
        data: the training samples.
        l2: λ, 0 or above, a number or `(settings,)`. At 0 the features must be linearly independent.

    Returns:
        `(settings, features)`.

    Raises:
        ValueError: if λ is below 0.

    Example:
        >>> from optlab.engine.data.diabetes import diabetes
        >>> ridge(diabetes(), [0.01, 1.0])[:, 2].round(2)
        array([0.27, 0.18])

    Source:
        A. Hoerl and R. Kennard, "Ridge regression", 1970. In scikit-learn's `Ridge` α is nλ.
    """
    strengths = non_negative("l2", l2)
    eye = np.eye(data.x.shape[1])
    return np.stack([np.linalg.solve(data.covariance + l * eye, data.correlation) for l in strengths])


def descent(data: Regression, *, l2: Any, l1: Any, lr: Any, steps: int, exact: bool = False) -> np.ndarray:
    """Full-batch gradient descent from 0 on (1/n)Σ(xw − y)² + λ₂Σw² + λ₁Σ|w|.

    Args:
        data: the training samples.
        l2: λ₂, `(settings,)`.
        l1: λ₁, `(settings,)`.
        lr: α, above 0.
        steps: how many.
        exact: handle |w| by a soft threshold after every step, not by its gradient.

    Returns:
        The weights, `(settings, steps + 1, features)`.

    Raises:
        ValueError: if a strength is below 0 or `lr` is not above 0.

    Example:
        >>> from optlab.engine.data.diabetes import diabetes
        >>> descent(diabetes(), l2=[0.1], l1=[0.0], lr=0.1, steps=300)[0, -1, 2].round(3)
        np.float64(0.265)
        >>> ridge(diabetes(), 0.1)[0, 2].round(3)
        np.float64(0.265)
    """
    l2, l1 = np.broadcast_arrays(non_negative("l2", l2), non_negative("l1", l1))
    squares, moduli = (torch.as_tensor(part.copy(), dtype=torch.float64) for part in (l2, l1))
    cov, cor = torch.from_numpy(data.covariance), torch.from_numpy(data.correlation)

    def objective(w: Tensor) -> Tensor:
        fit = ((w @ cov) * w).sum(-1) - 2 * w @ cor  # (1/n)Σ(xw − y)² without its constant Σy²/n
        penalty = squares * (w**2).sum(-1)
        return fit + penalty if exact else fit + penalty + moduli * w.abs().sum(-1)

    start = np.zeros((len(l2), len(cor)))
    rule: dict[str, Any] = {"optimizer": proximal, "threshold": l1.copy()} if exact else {}
    return descend(objective, start, lr=lr, steps=steps, **rule).numpy()
