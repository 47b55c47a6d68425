"""How much a site weighs: each page with the files beside it, and all of it."""

from __future__ import annotations

import gzip
from pathlib import Path

from optlab.site.pages import PLACE

__all__ = ["MOST_OF_ALL", "MOST_OF_A_PAGE", "as_served", "is_text", "page_weight", "too_heavy"]

MOST_OF_A_PAGE, MOST_OF_ALL = 6_000_000, 60_000_000
"""Bytes: of a page and of all that its labs may fetch, compressed as servers do; and of the whole site."""
TEXTS = (".html", ".js", ".css", ".json", ".svg")


def too_heavy(out: Path, most: int = MOST_OF_A_PAGE, most_of_all: int = MOST_OF_ALL) -> list[str]:
    """Pages that weigh too much, and the site if it does.

    Args:
        out: the site's folder.
        most: bytes that a page may weigh.
        most_of_all: bytes that the site may weigh.

    Returns:
        A line for each.
    """
    pages = {page: page_weight(page, out) for page in sorted((out / "lessons").glob("*.html"))}
    found = [
        f"lessons/{page.name} and its labs weigh {weight / 1e6:.2f} MB: expected at most {most / 1e6:g}"
        for page, weight in pages.items()
        if weight > most
    ]
    whole = sum(file.stat().st_size for file in out.rglob("*") if file.is_file())
    if whole > most_of_all:
        found.append(f"the site weighs {whole / 1e6:.1f} MB: expected at most {most_of_all / 1e6:g}")
    return found


def page_weight(page: Path, out: Path) -> int:
    """Bytes of a lesson's page and of every file of its labs.

    Args:
        page: the page.
        out: the site's folder.
    """
    return sum(len(as_served(file)) for file in [page, *(out / PLACE / page.stem).glob("*")])


def is_text(file: Path) -> bool:
    """Whether servers compress a file."""
    return file.suffix in TEXTS


def as_served(file: Path) -> bytes:
    """A file as servers send it.

    Args:
        file: any.
    """
    return gzip.compress(file.read_bytes(), 6) if is_text(file) else file.read_bytes()
