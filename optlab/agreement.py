"""Whether installed packages agree: each is of a version that the others, which need it, ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import metadata
from typing import NamedTuple

__all__ = ["Disagreement", "disagreements", "installed_version"]


class Disagreement(NamedTuple):
    """A package, what it needs of another one, and the version of that one that is installed."""

    package: str
    needs: str
    version: str


def disagreements(names: Iterable[str]) -> Iterator[Disagreement]:
    """Look at some packages, at all that they need, at what those need, and so on.

    What is not installed is passed over: a distribution of Python may bring it under another name.

    Args:
        names: of packages.

    Yields:
        Each need that is not met.

    Example:
        >>> list(disagreements(["filelock"]))
        []
    """
    from packaging.requirements import Requirement  # noqa: PLC0415  (`optlab doctor` runs without it, too)
    from packaging.utils import canonicalize_name  # noqa: PLC0415

    waiting = [canonicalize_name(name) for name in names]
    seen = set(waiting)
    while waiting:
        name = waiting.pop()
        for line in _needs(name):
            needed = Requirement(line)
            version = installed_version(needed.name)
            if version is None or (needed.marker and not needed.marker.evaluate({"extra": ""})):
                continue
            if not needed.specifier.contains(version, prereleases=True):
                yield Disagreement(name, f"{needed.name}{needed.specifier}", version)
            if (other := canonicalize_name(needed.name)) not in seen:
                seen.add(other)
                waiting.append(other)


def _needs(name: str) -> list[str]:
    try:
        return metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []


def installed_version(name: str) -> str | None:
    """The version of a package; None where it is not installed.

    Args:
        name: of the package.

    Example:
        >>> installed_version("no-such-package") is None
        True
    """
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
