"""The exercises of 03.5: exact zeros, decay outside the rule, and λ by validation."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, tensor

from optlab.course.common.exercise import Exercise, Mistake

SOFT_THRESHOLD = Exercise(
    prompt="Move every weight towards 0 by `amount`; one that would cross 0 stays at 0.",
    cases=(
        (tensor([0.8, -0.5, 0.1, -0.05, 0.0]), 0.2),
        (tensor([-3.0, 2.0, 0.4]), 0.5),
        (tensor([[1.0, -1.0], [0.25, -0.3]]), 0.25),
    ),
    truth=lambda w, amount: torch.sign(w) * torch.clamp(torch.abs(w) - amount, min=0),
    mistakes=(
        Mistake(
            lambda w, amount: w - amount * torch.sign(w),
            "Look at the small ones: a weight closer to 0 than `amount` has crossed it. The plain "
            "gradient of |w| does that too, which is why it never settles.",
        ),
        Mistake(
            lambda w, amount: torch.where(torch.abs(w) > amount, w, 0.0 * w),
            "The small weights are right, the large ones have not moved. Every weight pays.",
        ),
        Mistake(
            lambda w, amount: w - amount,
            "The negative weights have moved away from 0. Which way must they move?",
        ),
        Mistake(
            lambda w, amount: (1 - amount) * w,
            "That takes a fraction of each weight, as L2 does. L1 takes the same amount from all.",
        ),
        Mistake(
            lambda w, amount: torch.clamp(torch.abs(w) - amount, min=0),
            "The sizes are right. What happened to the signs?",
        ),
        Mistake(
            lambda w, amount: torch.clamp(w, -amount, amount),
            "That keeps what should be removed, and removes what should be kept.",
        ),
        Mistake(
            lambda w, amount: torch.clamp(w - amount, min=0),
            "Positive weights are right. A negative one should move towards 0, not end there at once.",
        ),
    ),
    hint="Separate size and sign: shrink the size, not below 0, then restore the sign.",
    praise="A gradient step on J₁ and then this, with amount αλ, is the whole algorithm (ISTA).",
    solution=(
        "def soft_threshold(w, amount):\n    size = (w.abs() - amount).clamp(min=0)\n"
        "    return w.sign() * size"
    ),
)

DECOUPLED_STEP = Exercise(
    prompt="One step of a rule with decoupled decay: `step` is what the rule subtracts from w.",
    cases=(
        (tensor([1.0, -2.0, 0.5]), tensor([0.1, 0.1, -0.1]), 0.1, 0.1),
        (tensor([3.0, 0.5]), tensor([0.0, 0.0]), 0.5, 0.2),
        (tensor([-1.5, 4.0]), tensor([0.01, -0.01]), 0.01, 1.0),
    ),
    truth=lambda w, step, lr, l2: w - step - 2 * lr * l2 * w,
    mistakes=(
        Mistake(
            lambda w, step, lr, l2: w - step - lr * l2 * w,
            "Nearly: that is the decay of (λ/2) Σw². The derivative of λw² has a 2.",
        ),
        Mistake(
            lambda w, step, lr, l2: w - step - 2 * l2 * w,  # noqa: ARG005
            "Your decay does not know the rate. It should be as weak as the steps are short.",
        ),
        Mistake(
            lambda w, step, lr, l2: w - step * (1 + 2 * lr * l2),
            "You made the step longer. The decay takes its share of the weights, whatever the step.",
        ),
        Mistake(
            lambda w, step, lr, l2: w - step + 2 * lr * l2 * w,
            "Look at the sign: these weights grow.",
        ),
        Mistake(
            lambda w, step, lr, l2: (1 - 2 * lr * l2) * (w - step),
            "You decay after the step, so the step shrinks too. Take the share of the old weights.",
        ),
    ),
    hint="Subtract the step, and 2αλ of the weights as they were.",
    praise="With Adam's step this is AdamW, whose `weight_decay` is 2λ.",
    solution="def decoupled_step(w, step, lr, l2):\n    return w - step - 2 * lr * l2 * w",
)


def _samples(seed: int, count: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Training and validation samples of a noisy linear model with eight features."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(count + 30, 8, generator=generator)
    y = x @ torch.linspace(-0.6, 0.6, 8) + torch.randn(count + 30, generator=generator)
    return x[:count], y[:count], x[count:], y[count:]


def _ridge(x: Tensor, y: Tensor, l2: float) -> Tensor:
    return torch.linalg.solve(x.T @ x / len(y) + l2 * torch.eye(x.shape[1]), x.T @ y / len(y))


def _errors(x: Tensor, y: Tensor, weights: Sequence[Tensor]) -> Tensor:
    return torch.stack([((x @ w - y) ** 2).mean() for w in weights])


def _choice(fit: Callable[[Tensor, Tensor, float], Tensor], by: str = "validation") -> Callable[..., float]:
    def choose(x: Tensor, y: Tensor, x_val: Tensor, y_val: Tensor, l2s: Sequence[float]) -> float:
        weights = [fit(x, y, l2) for l2 in l2s]
        on = (x_val, y_val) if by == "validation" else (x, y)
        return l2s[int(_errors(*on, weights).argmin())]

    return choose


_RIGHT = _choice(_ridge)

CHOOSE_STRENGTH = Exercise(
    prompt="The λ of `l2s` whose ridge regression has the smallest error on the validation samples.",
    cases=tuple(
        (*_samples(seed, count), [0.0, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0])
        for seed, count in ((0, 10), (2, 20), (3, 15))
    ),
    truth=_RIGHT,
    mistakes=(
        Mistake(
            _choice(_ridge, by="training"),
            "You chose by the training samples, and these never want a penalty. Which samples may choose?",
        ),
        Mistake(
            lambda x, y, x_val, y_val, l2s: l2s.index(_RIGHT(x, y, x_val, y_val, l2s)),
            "That is its place in the list. Return the λ itself.",
        ),
        Mistake(
            lambda x, y, x_val, y_val, l2s: _errors(x_val, y_val, [_ridge(x, y, l2) for l2 in l2s]).min(),
            "That is the smallest error. Which λ has it?",
        ),
        Mistake(
            _choice(lambda x, y, l2: _ridge(x, y, l2 / len(y))),
            "Your λ counts for less: in J it stands beside a *mean* over the n samples.",
        ),
        Mistake(
            lambda x, y, x_val, y_val, l2s: _RIGHT(x_val, y_val, x, y, l2s),
            "You trained on the validation samples and chose by the others.",
        ),
    ),
    hint="For each λ: solve (XᵀX/n + λI) w = Xᵀy/n on the training samples, then its error on the others.",
    praise="Its error is a little too good to be true: these samples have chosen. Keep others for the end.",
    solution=(
        "import torch\n\n\n"
        "def choose_strength(x, y, x_val, y_val, l2s):\n"
        "    errors = []\n"
        "    for l2 in l2s:\n"
        "        gram = x.T @ x / len(y) + l2 * torch.eye(x.shape[1])\n"
        "        w = torch.linalg.solve(gram, x.T @ y / len(y))\n"
        "        errors.append(((x_val @ w - y_val) ** 2).mean())\n"
        "    return l2s[errors.index(min(errors))]"
    ),
)
