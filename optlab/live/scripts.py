"""The front ends as anywidget wants them: one ES module each, joined from the files in `js`.

A page without a server can load no second file, so a front end must be one module. The files are plain ES
modules that node and TypeScript read as they are. Joining them takes three rules, which `tests/live` checks:
every import names what it wants (`import { a } from "./b.js"`, nothing renamed), only the entry has a default
export, and no two files of a front end declare the same name.
"""

from __future__ import annotations

import pathlib
import re

__all__ = ["joined", "styles"]

FOLDER = pathlib.Path(__file__).parent / "js"
STYLES = pathlib.Path(__file__).parent / "css"
IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+)\.js";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)
COMMENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*\*(?:(?!\*/).)*\*/)\n", re.MULTILINE | re.DOTALL)


def joined(entry: str) -> str:
    """Return one of the files in `js`, after all that it imports, as one ES module.

    Args:
        entry: the name of the file, without its ending.

    Returns:
        The module's text, without the comments that fill a line.

    Example:
        >>> "import" in joined("toolbar"), joined("toolbar").count("export default")
        (False, 1)
    """
    parts: dict[str, str] = {}
    _collect(entry, parts)
    return "".join(parts.values())


def styles(*names: str) -> str:
    """Return some of the files in `css` as one style sheet.

    Args:
        names: the names of the files, without their ending.

    Returns:
        The text.

    Example:
        >>> ".optlab-toolbar" in styles("lab", "toolbar")
        True
    """
    return "".join((STYLES / f"{name}.css").read_text("utf-8") for name in names)


def _collect(name: str, parts: dict[str, str]) -> None:
    text = (FOLDER / f"{name}.js").read_text("utf-8")
    for other in IMPORT.findall(text):
        if other not in parts:
            _collect(other, parts)
    parts[name] = COMMENT.sub("", EXPORT.sub("", IMPORT.sub("", text)))
