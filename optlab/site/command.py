"""`optlab site`: build the site, or look through one that is built."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from optlab.site.building import build, cache_folder
from optlab.site.links import broken_links
from optlab.site.weights import too_heavy

__all__ = ["main"]


def main(words: Sequence[str]) -> int:
    """Run the command.

    Args:
        words: those after `optlab site`.

    Returns:
        The exit status.
    """
    asked = _parser().parse_intermixed_args(words)
    out = asked.out.resolve()
    if asked.check:
        return _look_through(out, asked.lessons)
    build(out, asked.lessons, _say)
    return 0


def _say(line: str) -> None:
    print(line, flush=True)


def _look_through(out: Path, lessons: Sequence[str]) -> int:
    """Look at every page, and say what does not work."""
    if not (out / "index.html").is_file():
        raise ValueError(f"there is no site in {out}: `optlab site {out}` builds one")
    from optlab.site.check import look_through  # noqa: PLC0415 - needs a browser, which the building does not

    problems = [*(f"a link leads nowhere: {link}" for link in broken_links(out)), *too_heavy(out)]
    for problem in problems:
        _say(problem)
    failed = bool(problems)
    for path, found in look_through(out, lessons, cache_folder()):
        failed = failed or bool(found.problems)
        _say(f"{path}: {found}")
        for problem in found.problems:
            _say(f"    {problem}")
    return int(failed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="optlab site",
        description="Run the notebooks and build the course as a site that plays without a kernel.",
        epilog="In a checkout, with `pip install 'optlab-course[site]'` and npm. What has not changed is "
        "not run again: results are kept in .site, or where OPTLAB_SITE_CACHE says.",
    )
    parser.add_argument("out", type=Path, help="the folder for the pages; it is replaced")
    parser.add_argument("lessons", nargs="*", help="names of notebooks; left out: all")
    parser.add_argument(
        "--check",
        action="store_true",
        help="build nothing; move every slider of the site in OUT, answer and open everything, in a Chromium "
        "that reaches nothing else (`pip install playwright`)",
    )
    return parser
