"""The exercises of 05.5: the curvature along a direction, a step of the catapult, where a training is."""

from collections.abc import Sequence

from torch import Tensor, tensor

from optlab.course.common.exercise import Exercise, Mistake


def _verdict(sharpness: Sequence[float], threshold: float, *, part: int = 3) -> str:
    last = sharpness[-(len(sharpness) // part) :]
    level = sum(last) / len(last) / threshold
    return "below" if level < 0.85 else "above" if level > 1.15 else "at the edge"


WHERE_IT_IS = Exercise(
    prompt='"below", "at the edge" or "above": the mean of the last third of the sharpness against 2/α.',
    cases=(
        ([5.0, 9.0, 15.0, 19.0, 21.0, 18.5], 0.1),
        ([30.0, 30.0, 30.0, 12.0, 12.5, 12.0], 0.1),
        ([8.0, 12.0, 20.0, 30.0, 28.0, 27.0], 0.1),
        ([4.0, 5.0, 6.0, 6.5, 20.0, 6.4, 14.0, 8.0, 11.5], 0.18),
        ([10.0, 20.0, 38.0, 15.0, 27.0, 11.5], 0.1),
        ([2.0, 3.0, 5.0, 7.0, 9.8, 10.1], 0.1),
    ),
    truth=lambda sharpness, lr: _verdict(sharpness, 2 / lr),
    mistakes=(
        Mistake(
            lambda sharpness, lr: _verdict(sharpness, 1 / lr),
            "You compare with 1/α. A step overshoots more and more only from 2/α on.",
        ),
        Mistake(
            lambda sharpness, lr: _verdict(sharpness, 2 / lr, part=1),
            "Your mean is over the whole run. It begins below the edge: look at the last third.",
        ),
        Mistake(
            lambda sharpness, lr: _verdict(sharpness[-1:], 2 / lr, part=1),
            "You look at the last value alone. At the edge a single one may be far off: take a mean.",
        ),
        Mistake(
            lambda sharpness, lr: _verdict([max(sharpness)], 2 / lr, part=1),
            "You look at the largest value. At the edge that may be half above 2/α: take a mean.",
        ),
        Mistake(
            lambda sharpness, lr: _verdict(sharpness, 2 * lr),
            "Upside down: the larger the rate, the lower the edge.",
        ),
    ),
    hint="Divide the mean of the last third by 2/α. Under 0.85 is below, over 1.15 is above.",
    praise='A training that ends "below" has not arrived at the edge yet, or has a rate that it could raise.',
    solution=(
        "def where_it_is(sharpness, lr):\n"
        "    last = sharpness[-(len(sharpness) // 3) :]\n"
        "    level = sum(last) / len(last) / (2 / lr)\n"
        "    if level < 0.85:\n"
        "        return 'below'\n"
        "    return 'above' if level > 1.15 else 'at the edge'"
    ),
)


def _unit(v: Tensor) -> Tensor:
    return v / v.norm()


CURVATURE_ALONG = Exercise(
    prompt="The curvature of the loss along v, which may have any length.",
    cases=(
        (tensor([[2.0, 1.0], [1.0, 4.0]]), tensor([1.0, 0.0])),
        (tensor([[2.0, 1.0], [1.0, 4.0]]), tensor([3.0, 4.0])),
        (tensor([[1.0, 3.0], [3.0, -5.0]]), tensor([-0.5, 1.5])),
        (tensor([[4.0, 0.0, 0.0], [0.0, 1.0, 2.0], [0.0, 2.0, 0.0]]), tensor([1.0, 2.0, -2.0])),
    ),
    truth=lambda H, v: _unit(v) @ H @ _unit(v),
    mistakes=(
        Mistake(
            lambda H, v: (H @ _unit(v)).norm(),
            "That is how long Hv is. It has no sign, and is the curvature only if Hv points along v.",
        ),
        Mistake(
            lambda H, v: H @ _unit(v),
            "That is a vector: how the slope changes along v. Which part of it lies along v?",
        ),
        Mistake(
            lambda H, v: v @ H @ v,
            "A longer v gives more. You have not used the first line.",
        ),
        Mistake(
            lambda H, v: _unit(v) @ H @ v,
            "One of your two vectors still has its old length.",
        ),
        Mistake(
            lambda H, v: H.diag().max(),  # noqa: ARG005
            "That is the largest curvature along an axis. The direction is v.",
        ),
    ),
    hint="With v of length 1, Hv says how the slope changes. Multiply it with v once more.",
    praise="When many products with H have turned v into the steepest direction, that is the sharpness.",
    solution="def curvature_along(H, v):\n    v = v / v.norm()\n    return v @ (H @ v)",
)


def _catapult(f: float, curvature: float, lr: float, n: int, height: float = 4) -> tuple[float, float]:
    moved = f * (1 - lr * curvature + lr**2 * f**2 / n)
    return moved, curvature + lr * f**2 / n * (lr * curvature - height)


def _too_late(f: float, curvature: float, lr: float, n: int) -> tuple[float, float]:
    moved = _catapult(f, curvature, lr, n)[0]
    return moved, _catapult(moved, curvature, lr, n)[1]


CATAPULT_STEP = Exercise(
    prompt="One step of gradient descent: the new error f and the new curvature λ.",
    cases=((1.0, 3.0, 1.0, 100), (8.0, 2.5, 1.0, 64), (-20.0, 6.0, 0.5, 400), (2.0, 5.0, 1.0, 10)),
    truth=_catapult,
    mistakes=(
        Mistake(
            _too_late,
            "Your new λ uses the new f. Both equations have the old values on their right.",
        ),
        Mistake(
            lambda f, curvature, lr, n: (f * (1 - lr * curvature), _catapult(f, curvature, lr, n)[1]),
            "Your f steps as on a parabola. There is a third term.",
        ),
        Mistake(
            lambda f, curvature, lr, n: (_catapult(f, curvature, lr, n)[0], curvature),
            "λ stays as it was, so a training above 2/α never comes down.",
        ),
        Mistake(
            lambda f, curvature, lr, n: _catapult(f, curvature, lr, n, 2),
            "At αλ = 2 the error begins to grow. λ falls up to twice that.",
        ),
    ),
    hint="Two lines, one for each equation; keep the old f until both are done.",
    praise="These two numbers describe a network of any width.",
    solution=(
        "def catapult_step(f, curvature, lr, n):\n"
        "    new_f = f * (1 - lr * curvature + lr**2 * f**2 / n)\n"
        "    return new_f, curvature + lr * f**2 / n * (lr * curvature - 4)"
    ),
)
