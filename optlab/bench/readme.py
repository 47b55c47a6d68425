"""README's part on what things cost: rewritten from a report, by `optlab bench --readme`."""

from __future__ import annotations

import os
from pathlib import Path

import optlab
from optlab.bench.picture import THEMES, draw
from optlab.bench.report import Report
from optlab.files import whole_file

__all__ = ["rewrite"]

BEGIN, END = "<!-- optlab bench -->", "<!-- /optlab bench -->"
PICTURE = """<picture>
  <source media="(prefers-color-scheme: dark)" srcset="docs/bench-dark.png">
  <img alt="Each ratio of the table as a dot on a log axis" src="docs/bench-light.png">
</picture>"""


def rewrite(report: Report, checkout: Path | None = None) -> None:
    """Put a report's picture and table between README's two marks.

    Args:
        report: of a whole run on a quiet machine.
        checkout: the folder with README.md; that of this optlab when None.

    Raises:
        ValueError: if there is no README with both marks.
    """
    folder = checkout or Path(optlab.__file__).parents[1]
    file = folder / "README.md"
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    if BEGIN not in text or END not in text:
        raise ValueError(f"no README.md with {BEGIN} and {END} in {folder}: --readme needs a checkout")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    for theme in THEMES:
        _write(folder / "docs" / f"bench-{theme}.png", draw(report, theme))
    _write(file, f"{before}{BEGIN}\n\n{part(report)}\n{END}{after}".encode())


def part(report: Report) -> str:
    """What stands between the marks."""
    table = report.to_markdown()
    return f"{PICTURE}\n\n<details><summary>The same as a table</summary>\n\n{table}\n</details>\n"


def _write(path: Path, content: bytes) -> None:
    with whole_file(os.fspath(path)) as file:
        file.write(content)
