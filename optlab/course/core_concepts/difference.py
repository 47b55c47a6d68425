"""A slope by finite differences: its two errors, and the best step between them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import softplus

from optlab import Record
from optlab.params import log_values

DTYPES = {"float32": torch.float32, "float64": torch.float64}
"""Numbers of 24 and of 53 binary digits."""

METHODS = ("central", "forward")
"""(J(θ + h) − J(θ − h)) / 2h, and (J(θ + h) − J(θ)) / h."""

STEPS = log_values(1e-16, 1, 2)
"""The steps h."""


@dataclass(frozen=True)
class Slopes(Record):
    """Slopes of `sure`, one a setting.

    Args:
        slope: by a finite difference with this setting's step, `(settings,)`.
        autograd: by autograd, in float64, `(settings,)`.
        errors: of the finite difference with each of `STEPS`, in each of `DTYPES`, `(settings, 2, steps)`.
    """

    slope: np.ndarray
    autograd: np.ndarray
    errors: np.ndarray

    @property
    def error(self) -> np.ndarray:
        """How wrong `slope` is, `(settings,)`."""
        return abs(self.slope - self.autograd)


def slopes(settings: dict[str, Any]) -> Slopes:
    """The slope of `sure` by finite differences and by autograd.

    Args:
        settings: `h`, one of `STEPS`; `dtype`, one of `DTYPES`; `method`, one of `METHODS`; `theta`; each
            `(settings,)`.

    Returns:
        The slopes, and how wrong a finite difference is.

    Example:
        >>> found = slopes({name: np.array([v]) for name, v in
        ...     {"h": 0.01, "dtype": "float64", "method": "central", "theta": 1.0}.items()})
        >>> found.slope.round(4), found.autograd.round(4)
        (array([-0.2689]), array([-0.2689]))

    Source:
        The article, section 2: gradient.
    """
    true = autograd_slope(sure, settings["theta"])
    places = list(zip(settings["theta"].tolist(), settings["method"].tolist(), strict=True))
    found = np.array(
        [[difference(sure, theta, STEPS, method, dtype) for dtype in DTYPES] for theta, method in places]
    )
    kinds = [list(DTYPES).index(dtype) for dtype in settings["dtype"].tolist()]
    steps = [STEPS.index(h) for h in settings["h"].tolist()]
    return Slopes(settings, found[np.arange(len(true)), kinds, steps], true, abs(found - true[:, None, None]))


def sure(theta: Tensor) -> Tensor:
    """The cross-entropy of one sample with the logits θ (right class) and 0: J = log(1 + e^−θ).

    Args:
        theta: any shape.

    Returns:
        The loss, of the same shape and dtype.

    Example:
        >>> sure(torch.tensor([0.0, 10.0]))
        tensor([6.9315e-01, 4.5399e-05])
    """
    return softplus(-theta)


def derivatives(theta: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """J, J′, J″ and J‴ of `sure` in closed form, in float64.

    With s = 1/(1 + e^−θ): J′ = s − 1, J″ = s(1 − s), J‴ = s(1 − s)(1 − 2s).

    Args:
        theta: any shape.

    Returns:
        Four arrays of that shape.

    Example:
        >>> [float(d) for d in derivatives(0.0)][1:]
        [-0.5, 0.25, 0.0]
    """
    theta = np.asarray(theta, np.float64)
    s = 1 / (1 + np.exp(-theta))
    return np.log1p(np.exp(-theta)), s - 1, s * (1 - s), s * (1 - s) * (1 - 2 * s)


def autograd_slope(fn: Callable[[Tensor], Tensor], theta: Any) -> np.ndarray:
    """The slope by autograd, which applies the rules of the derivative: no step, no subtraction.

    Args:
        fn: works entry by entry on tensors.
        theta: any shape.

    Returns:
        The slope at each θ, float64.

    Example:
        >>> autograd_slope(torch.square, [1.0, 3.0])
        array([2., 6.])
    """
    leaf = torch.tensor(np.asarray(theta), dtype=torch.float64, requires_grad=True)
    with torch.enable_grad():
        return torch.autograd.grad(fn(leaf).sum(), leaf)[0].numpy()


def difference(
    fn: Callable[[Tensor], Tensor], theta: Any, h: Any, method: str = "central", dtype: str = "float64"
) -> np.ndarray:
    """The slope of a function between two points that are close together.

    Args:
        fn: works entry by entry on tensors.
        theta: where; broadcasts against `h`.
        h: the step, above 0.
        method: one of `METHODS`.
        dtype: one of `DTYPES`: the numbers to compute in.

    Returns:
        The slope, float64, in the shape that the arguments broadcast to.

    Raises:
        ValueError: if `method` or `dtype` is not known.

    Example:
        >>> [float(difference(torch.square, 3.0, 0.5, method)) for method in METHODS]
        [6.0, 6.5]
    """
    if method not in METHODS or dtype not in DTYPES:
        raise ValueError(
            f"method={method!r}, dtype={dtype!r}: expected one of {METHODS}, one of {tuple(DTYPES)}"
        )
    here, step = (torch.as_tensor(np.asarray(v, np.float64)).to(DTYPES[dtype]) for v in (theta, h))
    left = here - step if method == "central" else here
    width = 2 * step if method == "central" else step
    return ((fn(here + step) - fn(left)) / width).double().numpy()


def truncation(theta: Any, h: Any, method: str = "central") -> np.ndarray:
    """The truncation error, by Taylor's series: h²|J‴|/6, or h|J″|/2 for `"forward"`.

    Args:
        theta: where on `sure`.
        h: the step.
        method: one of `METHODS`.

    Returns:
        The leading term, float64.

    Source:
        W. Press et al., "Numerical recipes", section 5.7.
    """
    _, _, second, third = derivatives(theta)
    return np.abs(third) * np.square(h) / 6 if method == "central" else np.abs(second) * h / 2


def rounding(theta: Any, h: Any, method: str = "central", dtype: str = "float64") -> np.ndarray:
    """A bound on the rounding error: ε (|J| + |θJ′|) / h, half of it for `"central"`.

    Both values of J and both points are rounded by up to ε/2 of their size; the difference is divided by h.

    Args:
        theta: where on `sure`.
        h: the step.
        method: one of `METHODS`.
        dtype: one of `DTYPES`; ε is 1.2e-7 for float32 and 2.2e-16 for float64.

    Returns:
        The bound, float64.

    Source:
        W. Press et al., "Numerical recipes", section 5.7.
    """
    value, slope, _, _ = derivatives(theta)
    width = 2 * np.asarray(h) if method == "central" else np.asarray(h)
    return torch.finfo(DTYPES[dtype]).eps * (np.abs(value) + np.abs(theta * slope)) / width


def best_step(theta: Any, method: str = "central", dtype: str = "float64") -> np.ndarray:
    """The step at which the two errors together are smallest: about ε^⅓, or √ε for `"forward"`.

    Args:
        theta: where on `sure`; not 0, where J‴ is 0.
        method: one of `METHODS`.
        dtype: one of `DTYPES`.

    Returns:
        The step, float64: where the derivative of truncation + rounding by h is 0.

    Example:
        >>> float(best_step(2.0, dtype="float64").round(6))
        1.2e-05
    """
    power = 2 if method == "central" else 1
    ratio = rounding(theta, 1.0, method, dtype) / (power * truncation(theta, 1.0, method))
    return ratio ** (1 / (power + 1))
