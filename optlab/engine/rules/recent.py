"""Update rules of the last years, in teaching order; each reads like its formula.

They have the form of those in `classic.py`, and three need more. A rule that names `gradient` or
`shapes` among its arguments is given them, by `train` and by `descend` alike: `gradient` is the function
θ ↦ g, to be asked at another place; `shapes` says how the flat θ is cut into matrices. A rule whose answer is
not where it takes its gradient keeps it as `state["answer"]`: that is what is measured and shown.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from optlab.engine.models.mlp import Shapes, unpack
from optlab.engine.rules.classic import Number, Rule, State

__all__ = ["RECENT", "lion", "muon", "orthogonalized", "sam", "schedule_free"]


def lion(
    theta: Tensor,
    grad: Tensor,
    state: State,
    *,
    lr: Number,
    beta1: Number = 0.9,
    beta2: Number = 0.99,
    weight_decay: Number = 0.0,
) -> tuple[Tensor, State]:
    """Only the sign counts: u ← sign(β₁m + (1 − β₁)g), θ ← (1 − αw)θ − αu, then m ← β₂m + (1 − β₂)g.

    Args:
        theta: parameters, `(settings, parameters)`.
        grad: g.
        state: holds m.
        lr: α; every parameter moves by exactly α, so it is 3 to 10 times smaller than Adam's.
        beta1: β₁, the share of the memory in the step.
        beta2: β₂, how slowly the memory itself forgets.
        weight_decay: w.

    Returns:
        The new parameters and the state.

    Example:
        >>> lion(torch.zeros(1, 2), torch.tensor([[9.0, -0.001]]), {}, lr=0.1)[0]
        tensor([[-0.1000,  0.1000]])

    Source:
        X. Chen et al., "Symbolic discovery of optimization algorithms", 2023, algorithm 2.
    """
    m = state.get("m", torch.zeros_like(grad))
    step = torch.sign(beta1 * m + (1 - beta1) * grad)
    return (1 - lr * weight_decay) * theta - lr * step, {"m": beta2 * m + (1 - beta2) * grad}


def orthogonalized(matrix: Tensor, rounds: int = 5) -> Tensor:
    """Nearly UVᵀ for a matrix UΣVᵀ: its singular values, large or small, are all brought close to 1.

    Each round sends X to aX + b(XXᵀ)X + c(XXᵀ)²X, and so each singular value s to as + bs³ + cs⁵.

    Args:
        matrix: `(..., rows, columns)`.
        rounds: how many.

    Returns:
        Of the same shape; its singular values lie between about 0.7 and 1.2 unless they were tiny.

    Example:
        >>> made = orthogonalized(torch.diag(torch.tensor([1.0, 0.1])))
        >>> bool(((0.6 < made.diag()) & (made.diag() < 1.3)).all())
        True

    Source:
        K. Jordan et al., "Muon: an optimizer for hidden layers in neural networks", 2024: the Newton-Schulz
        iteration and its three coefficients.
    """
    tall = matrix.shape[-2] > matrix.shape[-1]
    x = matrix.mT if tall else matrix
    x = x / x.norm(dim=(-2, -1), keepdim=True).clamp(min=1e-7)
    for _ in range(rounds):
        gram = x @ x.mT
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return x.mT if tall else x


def muon(
    theta: Tensor,
    grad: Tensor,
    state: State,
    *,
    lr: Number,
    shapes: Shapes,
    momentum: Number = 0.95,
    weight_decay: Number = 0.0,
) -> tuple[Tensor, State]:
    """Momentum, then every matrix W made orthogonal: v ← βv + g, W ← (1 − αw)W − α √max(1, rows/columns) UVᵀ.

    UΣVᵀ is Nesterov's g + βv, cut into the matrices that θ is made of. A bias counts as a matrix of one
    column: its UVᵀ is its direction, of length 1. The kernels of a convolution are one row for each output
    channel, and a single number is a matrix of one entry.

    Args:
        theta: parameters, `(settings, parameters)`.
        grad: g.
        state: holds v.
        lr: α.
        shapes: of the parts of θ by name, in order, as a model has them.
        momentum: β.
        weight_decay: w.

    Returns:
        The new parameters and the state.

    Source:
        K. Jordan et al., 2024; `torch.optim.Muon`, which rounds to bfloat16 on the way and takes no biases.
    """
    v = momentum * state.get("v", 0) + grad
    step = []
    for part in unpack(grad + momentum * v, shapes).values():
        rows = part.shape[1] if part.ndim > 1 else 1
        matrix = part.reshape(len(part), rows, -1)
        grown = max(1, matrix.shape[-2] / matrix.shape[-1]) ** 0.5
        step.append(grown * orthogonalized(matrix).flatten(1))
    return (1 - lr * weight_decay) * theta - lr * torch.cat(step, dim=1), {"v": v}


def sam(
    theta: Tensor,
    grad: Tensor,
    state: State,
    *,
    lr: Number,
    gradient: Callable[[Tensor], Tensor],
    rho: Number = 0.05,
    momentum: Number = 0.9,
) -> tuple[Tensor, State]:
    """Climb first, then use the gradient from up there: v ← βv + g(θ + ρ g/‖g‖), θ ← θ − αv.

    Args:
        theta: parameters, `(settings, parameters)`.
        grad: g.
        state: holds v.
        lr: α.
        gradient: gives g at another place; so a step costs two gradients.
        rho: ρ, how far to climb.
        momentum: β.

    Returns:
        The new parameters and the state.

    Example:
        >>> sam(torch.ones(1, 1), torch.ones(1, 1), {}, lr=0.1, gradient=lambda x: x, rho=0.5)[0]
        tensor([[0.8500]])

    Source:
        P. Foret et al., "Sharpness-aware minimization for efficiently improving generalization", ICLR 2021.
    """
    top = theta + rho * grad / (grad.norm(dim=-1, keepdim=True) + 1e-12)
    v = momentum * state.get("v", 0) + gradient(top)
    return theta - lr * v, {"v": v}


def schedule_free(
    theta: Tensor, grad: Tensor, state: State, *, lr: Number, beta1: Number = 0.9
) -> tuple[Tensor, State]:
    """An average, no schedule: z ← z − αg, x ← x + (z − x)/t, the next gradient at (1 − β₁)z + β₁x.

    The answer is x, the average of all z.

    Args:
        theta: where g was taken, `(settings, parameters)`.
        grad: g.
        state: holds z, the answer x and the step t.
        lr: α, kept to the end.
        beta1: β₁, how near to the average the gradient is taken; 0 to below 1.

    Returns:
        The new parameters and the state.

    Example:
        >>> theta, state = schedule_free(torch.ones(1, 1), torch.ones(1, 1), {}, lr=0.1)
        >>> schedule_free(theta, torch.ones(1, 1), state, lr=0.1)[1]["answer"]
        tensor([[0.8500]])

    Source:
        A. Defazio et al., "The road less scheduled", 2024, schedule-free SGD.
    """
    t = state.get("t", 0) + 1
    z = state.get("z", theta) - lr * grad
    x = state.get("answer", theta)
    x = x + (z - x) / t
    return (1 - beta1) * z + beta1 * x, {"t": t, "z": z, "answer": x}


RECENT: dict[str, Rule] = {f.__name__: f for f in (lion, muon, sam, schedule_free)}
"""The rules by name, for `train` and `descend`."""
