"""The exercises of 04: the loss, one step with a penalty, and what two curves say."""

import math
from collections.abc import Sequence

from torch import Tensor, tensor

from optlab.course.common.exercise import Exercise, Mistake

L2_STEP = Exercise(
    prompt="One step of gradient descent on J₁ + λ Σw².",
    cases=(
        (tensor([1.0, -2.0, 0.5]), tensor([0.3, 0.1, -0.2]), 0.1, 0.01),
        (tensor([3.0, 0.5]), tensor([0.0, 0.0]), 0.5, 0.2),
        (tensor([-1.5, 4.0]), tensor([1.0, -1.0]), 0.01, 0.0),
    ),
    truth=lambda w, grad, lr, l2: w - lr * (grad + 2 * l2 * w),
    mistakes=(
        Mistake(
            lambda w, grad, lr, l2: w - lr * (grad + l2 * w),
            "Nearly: that is the step for (λ/2) Σw². What is the derivative of w²?",
        ),
        Mistake(
            lambda w, grad, lr, l2: w - lr * (grad + l2 * w**2),
            "You added the penalty itself. A step needs the penalty's gradient.",
        ),
        Mistake(
            lambda w, grad, lr, l2: w - lr * grad - 2 * l2 * w,
            "The penalty is part of the loss, so the learning rate multiplies its gradient too.",
        ),
        Mistake(
            lambda w, grad, lr, l2: w - lr * grad,  # noqa: ARG005
            "That is the step without the penalty: λ does nothing yet.",
        ),
        Mistake(
            lambda w, grad, lr, l2: w + lr * (grad + 2 * l2 * w),
            "Look at the sign: this step climbs. Descent goes against the gradient.",
        ),
    ),
    hint="First write down the gradient of J₁ + λ Σw², then step against it.",
    praise="With no gradient at all the step is w ← (1 − 2αλ) w: the weights decay.",
    solution="def l2_step(w, grad, lr, l2):\n    return w - lr * (grad + 2 * l2 * w)",
)


def _logs(logits: Tensor, labels: Tensor) -> Tensor:
    return logits.log_softmax(dim=1)[range(len(labels)), labels]


CROSS_ENTROPY = Exercise(
    prompt="The mean cross-entropy of the logits, one row a flower, for the true species.",
    cases=(
        (tensor([[1.0, -2.0], [0.5, 0.1], [-1.0, 3.0]]), tensor([0, 1, 1])),
        (tensor([[0.2, 0.0], [4.0, -4.0]]), tensor([1, 0])),
        (tensor([[0.1, 0.9, -0.3]]), tensor([2])),
    ),
    truth=lambda logits, labels: -_logs(logits, labels).mean(),
    mistakes=(
        Mistake(
            lambda logits, labels: _logs(logits, labels).mean(),
            "Look at the sign: the logarithm of a probability is negative, and a loss should not be.",
        ),
        Mistake(
            lambda logits, labels: -_logs(logits, labels).sum(),
            "That is the sum over the flowers. The loss is their mean.",
        ),
        Mistake(
            lambda logits, labels: -_logs(logits, labels).exp().mean(),
            "You took the probabilities as they are. Where is the logarithm?",
        ),
        Mistake(
            lambda logits, labels: -logits.log_softmax(dim=1).mean(),  # noqa: ARG005
            "You took all species. Only the probability of the true one counts.",
        ),
    ),
    hint="Pick the probability of each flower's true species, take minus its logarithm, then the mean.",
    praise="`nn.functional.cross_entropy` does just this, from the logits, because that is safer in float32.",
    solution=(
        "def cross_entropy(logits, labels):\n"
        "    p = logits.softmax(dim=1)\n"
        "    return -p[range(len(labels)), labels].log().mean()"
    ),
)


def _diverges(train: Sequence[float], test: Sequence[float]) -> bool:
    return not all(map(math.isfinite, (*train, *test))) or train[-1] > train[0]


def _diagnosis(train: Sequence[float], test: Sequence[float]) -> str:
    if _diverges(train, test):
        return "diverges"
    return _if_finite(train, test)


def _if_finite(train: Sequence[float], test: Sequence[float]) -> str:
    if train[-1] > train[0] / 2:
        return "hardly learns"
    return "overfits" if test[-1] > 3 * min(test) else "fine"


def _by_the_gap(train: Sequence[float], test: Sequence[float]) -> str:
    seen = _diagnosis(train, test)
    if seen in ("diverges", "hardly learns"):
        return seen
    return "overfits" if test[-1] > 3 * train[-1] else "fine"


def _by_the_start(train: Sequence[float], test: Sequence[float]) -> str:
    seen = _diagnosis(train, test)
    if seen in ("diverges", "hardly learns"):
        return seen
    return "overfits" if test[-1] > test[0] else "fine"


def _overfits_first(train: Sequence[float], test: Sequence[float]) -> str:
    if all(map(math.isfinite, test)) and test[-1] > 3 * min(test):
        return "overfits"
    return _diagnosis(train, test)


DIAGNOSE = Exercise(
    prompt='Two loss curves: "diverges", "hardly learns", "overfits" or "fine"?',
    cases=(
        ([0.7, 0.1, 0.03, 0.01], [0.7, 0.09, 0.2, 0.46]),
        ([0.7, 0.3, 0.15, 0.08], [0.7, 0.25, 0.12, 0.10]),
        ([0.7, 0.2, 0.05, 0.02], [0.7, 0.2, 0.1, 0.12]),
        ([0.7, 0.66, 0.6, 0.5], [0.7, 0.65, 0.6, 0.5]),
        ([0.7, 2.5, math.inf, math.nan], [0.7, 2.4, math.inf, math.nan]),
        ([0.7, 0.1, 0.9, 1.2], [0.7, 0.1, 1.0, 1.4]),
    ),
    truth=_diagnosis,
    mistakes=(
        Mistake(
            _if_finite,
            "A loss that is not a number is neither above nor below anything: ask `math.isfinite` first. And "
            "a training loss above its start has diverged.",
        ),
        Mistake(
            _by_the_gap,
            "A gap between the curves is normal. Has the test loss climbed from its lowest point?",
        ),
        Mistake(
            _by_the_start,
            "You compare with the beginning. Overfitting begins at the lowest point of the test loss.",
        ),
        Mistake(
            _overfits_first,
            "A run that ends above its start has not overfitted: it has diverged. Ask in the given order.",
        ),
    ),
    hint="Ask in the given order: finite and below its start? halved? test loss within 3 × its lowest?",
    praise="The cures differ: a smaller rate; longer or more steps; a penalty or an earlier stop; none.",
    solution=(
        "import math\n\n\n"
        "def diagnose(train, test):\n"
        "    if not all(map(math.isfinite, [*train, *test])) or train[-1] > train[0]:\n"
        "        return 'diverges'\n"
        "    if train[-1] > train[0] / 2:\n"
        "        return 'hardly learns'\n"
        "    return 'overfits' if test[-1] > 3 * min(test) else 'fine'"
    ),
)
