"""The exercises of 05.4: the rates of μP, one step of Lion, and a race of two rules."""

from typing import Any

import torch
from torch import tensor

from optlab.course.common.exercise import Exercise, Mistake


def _lion(
    theta: Any, grad: Any, m: Any, lr: float, *, ahead: float, keep: float, size: Any = torch.sign
) -> Any:
    return theta - lr * size(ahead * m + (1 - ahead) * grad), keep * m + (1 - keep) * grad


def _remembers_first(theta: Any, grad: Any, m: Any, lr: float, beta1: float, beta2: float) -> Any:
    kept = _lion(theta, grad, m, lr, ahead=beta1, keep=beta2)[1]
    return _lion(theta, grad, kept, lr, ahead=beta1, keep=beta2)[0], kept


LION_STEP = Exercise(
    prompt="One step of Lion: the new θ and the new memory m.",
    cases=(
        (tensor([1.0, -2.0, 0.5]), tensor([0.3, 4.0, -0.002]), tensor([-0.02, 0.1, 0.0]), 0.1, 0.9, 0.99),
        (tensor([0.0, 0.0]), tensor([-1.0, 1.0]), tensor([0.4, -0.05]), 0.01, 0.5, 0.9),
        (tensor([3.0, 1.0]), tensor([0.02, 5.0]), tensor([-0.0023, 1.0]), 0.2, 0.9, 0.95),
    ),
    truth=lambda theta, grad, m, lr, beta1, beta2: _lion(theta, grad, m, lr, ahead=beta1, keep=beta2),
    mistakes=(
        Mistake(
            lambda theta, grad, m, lr, beta1, beta2: _lion(
                theta, grad, m, lr, ahead=beta1, keep=beta2, size=lambda mix: mix
            ),
            "These steps grow with the gradient. In Lion every parameter moves by exactly α: which property "
            "of the mixture decides?",
        ),
        Mistake(
            _remembers_first,
            "You update the memory too early: the step uses the old m.",
        ),
        Mistake(
            lambda theta, grad, m, lr, beta1, beta2: _lion(theta, grad, m, lr, ahead=beta1, keep=beta1),  # noqa: ARG005
            "θ is right, m is not. The memory uses β₂; only the step mixes with β₁.",
        ),
        Mistake(
            lambda theta, grad, m, lr, beta1, beta2: _lion(theta, grad, m, lr, ahead=beta2, keep=beta2),  # noqa: ARG005
            "m is right, θ is not. The step mixes memory and gradient with β₁; only the memory uses β₂.",
        ),
        Mistake(
            lambda theta, grad, m, lr, beta1, beta2: _lion(theta, grad, m, -lr, ahead=beta1, keep=beta2),
            "This climbs: the step goes against the sign.",
        ),
    ),
    hint="Mix m and g with β₁, take the sign, step; then mix m and g with β₂ for the next step.",
    praise="Lion has one memory where Adam has two, and no division. A search found it.",
    solution=(
        "def lion_step(theta, grad, m, lr, beta1, beta2):\n"
        "    step = (beta1 * m + (1 - beta1) * grad).sign()\n"
        "    return theta - lr * step, beta2 * m + (1 - beta2) * grad"
    ),
)


def _rates(lr: float, first: float, hidden: float, output: float) -> list[float]:
    return [lr * first, lr * hidden, lr * hidden, lr * output]


RATES_UNDER_MUP = Exercise(
    prompt="Adam's rates of four layers with n units, under μP, when α is the best with `base` units.",
    cases=((0.0625, 256, 16), (0.01, 1024, 64), (0.5, 32, 32), (0.1, 16, 64)),
    truth=lambda lr, n, base: _rates(lr, 1, base / n, base / n),
    mistakes=(
        Mistake(
            lambda lr, n, base: _rates(lr, base / n, base / n, base / n),
            "The first layer has as many inputs as the data, at any width. Leave its rate alone.",
        ),
        Mistake(
            lambda lr, n, base: _rates(lr, 1, base / n, 1),
            "The output layer has n inputs, too.",
        ),
        Mistake(
            lambda lr, n, base: _rates(lr, 1, (base / n) ** 0.5, (base / n) ** 0.5),
            "That root is for starts, where weights are drawn at random. Moves all pull the same way.",
        ),
        Mistake(
            lambda lr, n, base: _rates(lr, 1, n / base, n / base),
            "Upside down: a wider layer adds up more changes.",
        ),
        Mistake(
            lambda lr, n, base: _rates(lr, 1, 1, 1),  # noqa: ARG005
            "That is the standard parametrisation. The wider the layer, the farther it moves.",
        ),
    ),
    hint="Where a unit adds up n inputs, the rate is α · base / n. Which of the four layers are those?",
    praise="Tune the small network, and take its rate to the large one.",
    solution=(
        "def rates_under_mup(lr, n, base):\n    slow = lr * base / n\n    return [lr, slow, slow, slow]"
    ),
)


def _race(first: torch.Tensor, second: torch.Tensor, *, enough: float = 0.75, wide: bool = True) -> str:
    """The verdict on two rules, each at the rate with the lowest mean."""
    one, two = (int(ends.mean(1).argmin()) for ends in (first, second))
    if wide and {one, two} & {0, len(first) - 1}:
        return "wider"
    return _by_share(float((first[one] < second[two]).double().mean()), enough)


def _by_share(won: float, enough: float = 0.75) -> str:
    return "first" if won >= enough else "second" if won <= 1 - enough else "undecided"


def _of_means(first: torch.Tensor, second: torch.Tensor) -> str:
    paired = _race(first, second)
    leads = "first" if first.mean(1).min() < second.mean(1).min() else "second"
    return paired if paired == "wider" else leads


def _each_seed_its_rate(first: torch.Tensor, second: torch.Tensor) -> str:
    paired = _race(first, second)
    won = float((first.amin(0) < second.amin(0)).double().mean())
    return paired if paired == "wider" else _by_share(won)


INSIDE = tensor([[9.0, 8.0, 9.0, 9.0], [3.0, 4.0, 5.0, 8.0], [7.0, 7.0, 6.0, 9.0], [9.0, 9.0, 9.0, 9.0]])
RACE_OF_TWO = Exercise(
    prompt="Which of two rules wins, each at its own best rate, seed by seed?",
    cases=(
        (
            INSIDE,
            tensor([[9.0, 9.0, 9.0, 9.0], [7.0, 7.0, 7.0, 9.0], [3.5, 4.5, 5.5, 5.0], [8.0, 8.0, 8.0, 8.0]]),
        ),
        (INSIDE, INSIDE.flip(0) + tensor([0.5, -0.5, 0.2, -0.1])),
        (
            INSIDE,
            tensor([[9.0, 9.0, 9.0, 9.0], [7.0, 7.0, 7.0, 9.0], [5.0, 5.0, 5.0, 6.0], [2.0, 2.0, 2.0, 3.0]]),
        ),
        (
            tensor([[2.0, 9.0, 9.0, 9.0], [5.0, 5.0, 5.0, 5.0], [9.0, 2.0, 2.0, 9.0]]),
            tensor([[9.0] * 4, [4.0] * 4, [8.0] * 4]),
        ),
        (tensor([[1.0] * 4, [2.0] * 4, [3.0] * 4]), tensor([[9.0] * 4, [4.0] * 4, [8.0] * 4])),
    ),
    truth=_race,
    mistakes=(
        Mistake(
            lambda first, second: _race(first, second, wide=False),
            "A best rate at the end of its list may not be the best at all.",
        ),
        Mistake(
            _of_means,
            "You compare means, and one unlucky seed can turn them round. Count the seeds.",
        ),
        Mistake(
            _each_seed_its_rate,
            "You let every seed choose its rate. Tuning gives a rule one rate for all seeds.",
        ),
        Mistake(
            lambda first, second: _race(first, second, enough=0.5),
            "A lead on half of the seeds, or a few more, is what a coin would give.",
        ),
        Mistake(
            lambda first, second: _race(second, first),
            "The other way round: the lower loss wins.",
        ),
    ),
    hint="Take each rule's row with the lowest mean. Is it the first or the last? If not, count the columns "
    "in which the first rule's number is lower.",
    praise="A best rate at the end of its list says that the list is too short, whoever leads.",
    solution=(
        "def race_of_two(first, second):\n"
        "    a, b = first.mean(1).argmin(), second.mean(1).argmin()\n"
        "    if {int(a), int(b)} & {0, len(first) - 1}:\n"
        "        return 'wider'\n"
        "    won = (first[a] < second[b]).float().mean()\n"
        "    return 'first' if won >= 0.75 else 'second' if won <= 0.25 else 'undecided'"
    ),
)
