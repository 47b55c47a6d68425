"""How curved a loss is: Hessian times vector, and the sharpness, without ever building the Hessian."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from optlab.engine.validation import count

__all__ = ["hessian_product", "sharpness"]

Loss = Callable[[Tensor], Tensor]


def hessian_product(fn: Loss, theta: Tensor, vector: Tensor) -> Tensor:
    """Hv, the Hessian of a loss times a vector: the gradient of gᵀv, at the price of two gradients.

    Args:
        fn: takes parameters `(settings, dim)` and returns losses `(settings,)`, each of its own row alone.
        theta: where, `(settings, dim)`.
        vector: v, `(settings, dim)`.

    Returns:
        Hv, `(settings, dim)`.

    Raises:
        ValueError: if `vector` has another shape than `theta`.

    Example:
        >>> hessian_product(lambda t: (t**3).sum(-1), torch.tensor([[1.0, 2.0]]), torch.tensor([[1.0, 1.0]]))
        tensor([[ 6., 12.]])

    Source:
        B. Pearlmutter, "Fast exact multiplication by the Hessian", 1994.
    """
    if vector.shape != theta.shape:
        raise ValueError(f"vector has shape {tuple(vector.shape)}: expected theta's, {tuple(theta.shape)}")
    with torch.enable_grad():
        at = theta.detach().requires_grad_()
        (grad,) = torch.autograd.grad(fn(at).sum(), at, create_graph=True)
        (product,) = torch.autograd.grad((grad * vector.detach()).sum(), at)
    return product


def sharpness(
    fn: Loss, theta: Tensor, start: Tensor | None = None, rounds: int = 20
) -> tuple[Tensor, Tensor]:
    """The largest eigenvalue of the Hessian and its direction, by the Lanczos method.

    Of all directions that can be reached by multiplying with H, those of the first `rounds` products are
    kept, and the best combination of them is taken. More rounds, or a start near the answer, bring it closer.

    Args:
        fn: takes parameters `(settings, dim)` and returns losses `(settings,)`.
        theta: where, `(settings, dim)`.
        start: a first guess at the direction, `(settings, dim)`, such as the one found a few steps ago.
        rounds: how many products to take; at most dim are.

    Returns:
        The sharpness `(settings,)`, NaN where the loss is not finite, and the direction `(settings, dim)`.

    Raises:
        ValueError: if `rounds` is below 1, or `start` has another shape than `theta`.

    Example:
        >>> bowl = lambda t: (t**2 * torch.tensor([1.0, 5.0])).sum(-1)
        >>> sharpness(bowl, torch.zeros(1, 2))[0]
        tensor([10.])

    Source:
        C. Lanczos, 1950; J. Cohen et al., "Gradient descent on neural networks typically
        occurs at the edge of stability", ICLR 2021, measure the sharpness so.
    """
    if start is None:
        start = torch.randn(theta.shape, generator=torch.Generator().manual_seed(0), dtype=theta.dtype)
    basis, images = [_unit(start)], []
    for _ in range(min(count("rounds", rounds), theta.shape[-1])):
        images.append(hessian_product(fn, theta, basis[-1]))
        basis.append(_unit(_new_part(images[-1], torch.stack(basis, dim=1))))
    found, products = torch.stack(basis[:-1], dim=1), torch.stack(images, dim=1)
    small = found @ products.mT
    lost = ~small.isfinite().all(-1).all(-1)
    values, vectors = torch.linalg.eigh(torch.where(lost[:, None, None], 0.0, (small + small.mT) / 2))
    direction = (vectors[:, :, -1:] * found).sum(1)
    return torch.where(lost, torch.nan, values[:, -1]), torch.where(lost[:, None], start, direction)


def _new_part(vector: Tensor, basis: Tensor) -> Tensor:
    """What of a vector `(settings, dim)` is perpendicular to a basis `(settings, vectors, dim)`."""
    for _ in range(2):  # once is not enough: rounding
        vector = vector - ((basis @ vector.unsqueeze(2)) * basis).sum(1)
    return vector


def _unit(vector: Tensor) -> Tensor:
    """The vector at length 1; 0 stays 0."""
    return vector / vector.norm(dim=-1, keepdim=True).clamp(min=1e-30)
