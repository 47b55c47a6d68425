"""The training races: one setting, and many, against the article's loop for one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from optlab import Dataset, iris_pair
from optlab.bench import peers
from optlab.bench.loops import Problem, article_loop, plain_loop
from optlab.bench.rows import Row, Turn
from optlab.bench.turns import stopwatch
from optlab.engine.data.digits import digits
from optlab.engine.systems.threads import threads

__all__ = ["FULL", "QUICK", "Race", "training_rows"]

GROUP = "training"
DATA: dict[str, Callable[[], Dataset]] = {"iris": iris_pair, "digits": digits}
WIDTHS = {"iris": (4, 16, 2), "digits": (64, 64, 10)}


@dataclass(frozen=True)
class Race:
    """One network at one batch size, and how much of it is trained in a turn.

    Args:
        data: a key of `DATA`.
        batch_size: samples in a mini-batch; 0 for all of them.
        settings: how many are trained at once.
        epochs: passes over the data, for all contestants the same.
        threads: on how many threads.
    """

    data: str
    batch_size: int
    settings: int
    epochs: int
    threads: int = 1

    @property
    def task(self) -> str:
        """The race in words."""
        return f"{self.network}, {self.series}, {self.epochs} epochs, {self.many}"

    @property
    def network(self) -> str:
        """The data and the network."""
        return f"{self.data} {'-'.join(map(str, WIDTHS[self.data]))}"

    @property
    def many(self) -> str:
        """How many settings."""
        return "one setting" if self.settings == 1 else f"each of {self.settings:,} settings"

    @property
    def series(self) -> str:
        """Batch size and threads."""
        return f"batch {self.batch_size or 'all'}, {self.threads} thread{'s'[: self.threads - 1]}"

    def problem(self) -> Problem:
        """What is trained."""
        data = DATA[self.data]()
        return Problem(data, WIDTHS[self.data], self.batch_size or len(data), self.epochs)


ONE = [
    ("iris", 1, 20),
    ("iris", 16, 100),
    ("iris", 0, 100),
    ("digits", 1, 2),
    ("digits", 16, 5),
    ("digits", 0, 20),
]
MANY = [
    ("iris", 1, 1024, 5),
    ("iris", 16, 1024, 100),
    ("iris", 0, 1024, 100),
    ("digits", 1, 64, 1),
    ("digits", 16, 256, 2),
    ("digits", 0, 256, 5),
]
FULL = [
    *(Race(data, batch, 1, epochs, n) for data, batch, epochs in ONE for n in (1, 2)),
    *(Race(*race, threads=n) for race in MANY for n in (1, 2)),
]
QUICK = [
    Race("iris", 1, 1, 1),
    Race("iris", 16, 1, 10),
    Race("iris", 1, 256, 1),
    Race("iris", 16, 1024, 4),
    Race("digits", 16, 64, 1),
]


@dataclass(frozen=True)
class Contestant:
    """One way to train, for one setting or for many.

    Args:
        name: of the row.
        words: what it does.
        make: takes the problem and the number of settings; returns what trains.
        needs: modules of other projects.
        many: whether it trains many settings at once.
    """

    name: str
    words: str
    make: Callable[[Problem, int], Callable[[], Any]]
    needs: tuple[str, ...] = ()
    many: bool = False


CONTESTANTS = (
    Contestant(
        "article's loop",
        "nn.Sequential, DataLoader, torch.optim.SGD, L2 in the loss, losses and accuracies after every epoch",
        lambda problem, _: lambda: article_loop(problem),
    ),
    Contestant(
        "without DataLoader",
        "the same, batches cut from shuffled tensors",
        lambda problem, _: lambda: plain_loop(problem),
    ),
    Contestant(
        "skorch",
        "NeuralNetClassifier.partial_fit, no validation split, no callbacks but one that evaluates",
        lambda problem, _: peers.skorch(problem),
        ("skorch",),
    ),
    Contestant(
        "Lightning",
        "Trainer(barebones=True).fit over the same DataLoader, evaluates in a hook",
        lambda problem, _: peers.lightning(problem),
        ("lightning",),
    ),
    Contestant(
        "vmap(grad)",
        "torch.func.vmap(torch.func.grad(loss)) over stacked parameters, SGD in place",
        peers.vmap_grad,
        many=True,
    ),
    Contestant(
        "optlab, autograd",
        'optlab.train(..., engine="autograd"): one backward pass for all settings',
        lambda problem, n: peers.optlab_train(problem, n, "autograd"),
        many=True,
    ),
    Contestant(
        "optlab, compiled",
        'optlab.train(..., engine="compiled"): the kernel that numba compiles',
        lambda problem, n: peers.optlab_train(problem, n, "compiled"),
        many=True,
    ),
    Contestant(
        "optlab, nn.Sequential",
        "the same kernel for a network of the learner's own",
        lambda problem, n: peers.optlab_train(problem, n, "compiled", sequential=True),
        many=True,
    ),
)


def training_rows(races: list[Race]) -> list[Row]:
    """The rows of these races."""
    return [row for race in races for row in _rows(race)]


def _rows(race: Race) -> Iterator[Row]:
    base, *others = CONTESTANTS
    yield _row(race, base, settings=1)
    for other in others:
        if other.many or race.settings == 1:
            yield _row(race, other, race.settings)


def _row(race: Race, one: Contestant, settings: int) -> Row:
    problem = race.problem()

    def ready() -> Turn:
        train = one.make(problem, settings)

        def run() -> None:
            with threads(race.threads):
                train()

        return stopwatch(run)

    return Row(
        GROUP,
        race.task,
        one.name,
        one.words,
        ready,
        one.needs,
        base=one is CONTESTANTS[0],
        parts=settings,
        operations=problem.operations * settings,
        threads=race.threads,
        panel=f"{race.network}, {'one setting' if race.settings == 1 else 'each of many settings'}",
        series=race.series,
    )
