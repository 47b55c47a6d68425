"""Where a lab's numbers come from: a table made ahead, or a grid filled as it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from optlab.record import Record

__all__ = ["Job", "Lazy", "Source", "Table", "as_source"]

Settings = dict[str, Any]
"""For each slider its values, `(n,)`."""


class Job:
    """What a `Lazy` run is told, and can tell, while it is at work.

    Args:
        stop: whether the answer is no longer wanted.
        show: takes what is known so far.

    Attributes:
        cut_short: whether the run has been told to stop; its answer may then be incomplete.

    Example:
        >>> Job().stopped()
        False
    """

    def __init__(
        self,
        stop: Callable[[], bool] = lambda: False,
        show: Callable[[Record], None] = lambda _: None,
    ) -> None:
        self._stop, self._show = stop, show
        self.cut_short = False

    def stopped(self) -> bool:
        """Whether to stop: ask often, and return early."""
        self.cut_short = self.cut_short or self._stop()
        return self.cut_short

    def show(self, partial: Record) -> None:
        """Show a record that is not finished yet."""
        self._show(partial)


class Table:
    """A grid small enough to be made ahead, on the calling thread: no setting is ever waited for.

    Args:
        run: trains many settings at once: `run(settings) -> Record`, `settings` having an array `(n,)` for
            each slider; or a record of all settings, computed already.
        chunk: how many settings to run together.

    Raises:
        TypeError: if `run` is neither a function nor a `Record`.

    Example:
        >>> table = Table(Record)
        >>> len(table.run({"lr": [0.1, 1.0]}))
        2
    """

    def __init__(self, run: Callable[[Settings], Record] | Record, chunk: int = 256) -> None:
        if not (callable(run) or isinstance(run, Record)):
            raise TypeError(f"run={run!r}: expected a function of settings, or a Record of all settings")
        self._run: Any = run.find if isinstance(run, Record) else run
        self.chunk = chunk

    def run(self, settings: Settings, job: Job | None = None) -> Record:
        """Run some settings; `job` is not needed.

        Args:
            settings: for each slider its values, each `(n,)`.
            job: ignored.

        Returns:
            A record of `n` settings.

        Raises:
            TypeError: if the function returns something that is not a `Record`.
            ValueError: if the record has another number of settings.
        """
        return checked(self._run(settings), settings)


class Lazy:
    """A grid too large to be made ahead: one background thread fills it, what is wanted first.

    Args:
        run: trains many settings at once: `run(settings, job) -> Record`; it should ask `job.stopped()`
            often and may call `job.show(partial)` where there is one setting.
        most: how many settings to train without being asked; a function is asked again and again.
        chunk: how many settings to run together.
        cost: how long settings take next to others, `cost(settings) -> (n,)` or one number for all: cheap
            ones come first, and only equals are run together.

    Raises:
        TypeError: if `run` is not a function.

    Example:
        >>> lazy = Lazy(lambda settings, job: Record(settings))
        >>> len(lazy.run({"lr": [0.1, 1.0]}))
        2
    """

    def __init__(
        self,
        run: Callable[[Settings, Job], Record],
        *,
        most: int | Callable[[], int] = 1024,
        chunk: int = 64,
        cost: Callable[[Settings], Any] = lambda _: 1.0,
    ) -> None:
        if not callable(run):
            raise TypeError(f"run={run!r}: expected a function of settings and a job")
        self._run, self.most, self.chunk, self.cost = run, most, chunk, cost

    def run(self, settings: Settings, job: Job | None = None) -> Record:
        """Run some settings.

        Args:
            settings: for each slider its values, each `(n,)`.
            job: when to stop, and where to show what is not finished.

        Returns:
            A record of `n` settings.

        Raises:
            TypeError: if the function returns something that is not a `Record`.
            ValueError: if the record has another number of settings.
        """
        return checked(self._run(settings, job or Job()), settings)


Source = Table | Lazy


def as_source(source: Any) -> Source:
    """A lab's source from what its author wrote: a function of settings or a `Record` is a `Table`.

    Args:
        source: a `Table`, a `Lazy`, a function or a `Record`.

    Returns:
        The source.

    Raises:
        TypeError: if it is none of these.
    """
    if isinstance(source, (Table, Lazy)):
        return source
    if callable(source) or isinstance(source, Record):
        return Table(source)
    raise TypeError(f"source={source!r}: expected Table(run), Lazy(run), a function of settings or a Record")


def checked(record: Any, settings: Settings) -> Record:
    """The record that a run returned, if it is one of as many settings as were asked for."""
    asked = len(next(iter(settings.values()))) if settings else 1
    if not isinstance(record, Record):
        raise TypeError(f"run returned {type(record).__name__}: expected a Record of {asked} settings")
    if len(record) != asked:
        raise ValueError(f"run returned a Record of {len(record)} settings: expected {asked}")
    for name, rows in record.rows().items():
        if rows != asked:
            raise ValueError(f"run returned {name} with {rows} rows: expected {asked}, one for each setting")
    return record
