"""The code of a page in docs/: run in order, and what it prints compared with what the page says."""

import contextlib
import io
import re
from pathlib import Path

BLOCK = re.compile(r"```python\n(.*?)```\n(?:\n((?: {4}[^\n]*\n)+))?", re.DOTALL)
"""A block of code, and the indented lines behind it, which are what it prints."""


def run_page(name):
    """The names that the code of `docs/<name>.md` makes."""
    text = (Path(__file__).parents[1] / "docs" / f"{name}.md").read_text(encoding="utf-8")
    assert len(BLOCK.findall(text)) == text.count("```") / 2, "a block that is not run"
    names = {}
    for code, said in BLOCK.findall(text):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(code, names)
        assert out.getvalue() == re.sub("^ {4}", "", said, flags=re.MULTILINE)
    return names
