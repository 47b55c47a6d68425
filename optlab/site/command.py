"""`optlab site`: build the site, or look through one that is built."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from optlab.site.building import build

__all__ = ["main"]


def main(words: Sequence[str]) -> int:
    """Run the command.

    Args:
        words: those after `optlab site`.

    Returns:
        The exit status.
    """
    asked = _parser().parse_args(words)
    build(asked.out.resolve(), asked.lessons, lambda line: print(line, flush=True))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="optlab site",
        description="Run the notebooks and build the course as a site that plays without a kernel.",
        epilog="In a checkout, with `pip install 'optlab[site]'` and npm. What has not changed is not run "
        "again: results are kept in .site, or where OPTLAB_SITE_CACHE says.",
    )
    parser.add_argument("out", type=Path, help="the folder for the pages; it is replaced")
    parser.add_argument("lessons", nargs="*", help="names of notebooks; left out: all")
    return parser
