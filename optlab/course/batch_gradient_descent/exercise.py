"""The exercise of 03.2: one epoch of mini-batches."""

from torch import Tensor, tensor

from optlab.course.common.exercise import Exercise, Mistake


def _error_times_x(x: Tensor, y: Tensor, theta: Tensor) -> Tensor:
    """The sum of the samples' gradients."""
    return x.T @ (x @ theta - y)


def _epoch(x: Tensor, y: Tensor, theta: Tensor, lr: float, batch_size: int) -> Tensor:
    for xs, ys in zip(x.split(batch_size), y.split(batch_size), strict=True):
        theta = theta - lr * _error_times_x(xs, ys, theta) / len(ys)
    return theta


def _sums(x: Tensor, y: Tensor, theta: Tensor, lr: float, batch_size: int) -> Tensor:
    for xs, ys in zip(x.split(batch_size), y.split(batch_size), strict=True):
        theta = theta - lr * _error_times_x(xs, ys, theta)
    return theta


def _drops_the_rest(x: Tensor, y: Tensor, theta: Tensor, lr: float, batch_size: int) -> Tensor:
    kept = len(y) // batch_size * batch_size
    return _epoch(x[:kept], y[:kept], theta, lr, batch_size) if kept else theta


def _divides_by_batch_size(x: Tensor, y: Tensor, theta: Tensor, lr: float, batch_size: int) -> Tensor:
    for xs, ys in zip(x.split(batch_size), y.split(batch_size), strict=True):
        theta = theta - lr * _error_times_x(xs, ys, theta) / batch_size
    return theta


def _divides_by_all(x: Tensor, y: Tensor, theta: Tensor, lr: float, batch_size: int) -> Tensor:
    return _sums(x, y, theta, lr / len(y), batch_size)


def _all_from_the_start(x: Tensor, y: Tensor, theta: Tensor, lr: float, batch_size: int) -> Tensor:
    parts = zip(x.split(batch_size), y.split(batch_size), strict=True)
    return theta - lr * sum(_error_times_x(xs, ys, theta) / len(ys) for xs, ys in parts)


BATCH_EPOCH = Exercise(
    prompt="One epoch of mini-batches, in the order of the samples; the last batch may be smaller.",
    cases=(
        (
            tensor([[1.0, 2.0], [-1.0, 0.5], [0.5, -1.5], [2.0, 1.0], [0.0, 1.0]]),
            tensor([1.0, 0.0, 2.0, -1.0, 0.5]),
            tensor([1.0, -1.0]),
            0.1,
            2,
        ),
        (tensor([[2.0], [1.0], [-1.0], [0.5]]), tensor([1.0, 3.0, 0.0, 2.0]), tensor([0.5]), 0.2, 3),
        (tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]), tensor([1.0, -2.0, 0.0]), tensor([3.0, 3.0]), 0.3, 1),
    ),
    truth=_epoch,
    mistakes=(
        Mistake(
            _sums,
            "Your steps grow with the batch: you add gradients up. Is the loss of a batch a sum or a mean?",
        ),
        Mistake(
            _drops_the_rest,
            "The samples that fill no whole batch are left out. They make a last, smaller batch.",
        ),
        Mistake(
            _divides_by_batch_size,
            "Nearly: the last batch is too timid. How many samples does it really have?",
        ),
        Mistake(
            _divides_by_all,
            "Your steps are too short: a batch's mean is over its own samples, not over all there are.",
        ),
        Mistake(
            _all_from_the_start,
            "All your gradients are taken at one θ. Each batch has to begin where the one before it ended.",
        ),
        Mistake(
            lambda x, y, theta, lr, batch_size: _epoch(x, y, theta, lr, len(y)),  # noqa: ARG005
            "That is one step with all samples at once. Cut them into batches first.",
        ),
        Mistake(
            lambda x, y, theta, lr, batch_size: _epoch(x, y, theta, -lr, batch_size),
            "Look at the sign: this climbs. The gradient points uphill.",
        ),
    ),
    hint="For each batch: the errors are x·θ − y, the gradient the mean of error · x; step by −α times that.",
    praise="With one batch it is gradient descent, with batches of one it is SGD: three names for one loop.",
    solution=(
        "def batch_epoch(x, y, theta, lr, batch_size):\n"
        "    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):\n"
        "        theta = theta - lr * xs.T @ (xs @ theta - ys) / len(ys)\n"
        "    return theta"
    ),
)
