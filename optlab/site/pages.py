"""A notebook that has run as a page of the site: its labs and predictions in place of its widgets."""

from __future__ import annotations

import base64
import html
import io
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from PIL import Image

from optlab.live.shown import VIEW
from optlab.site.models import named_by_content, write_plain

__all__ = ["lab_html", "page_of"]

PLACE = "labs"
"""The site's folder of all that labs need."""
NEEDS_PYTHON = (
    "<p class='optlab-needs-python'>This checkpoint runs your function, so it needs Python: "
    "open this lesson {ways}. The stub above is what you start from.</p>"
)
PLAYS = (
    "<p class='optlab-plays'>Everything on this page plays as it is. Its cells have been run, so pass over "
    "what says to run one; to change them, "
    "<a href='../notebooks/{file}' download>download the notebook</a>.</p>"
)
PROGRESS = "optlab.progress()"
SO_FAR = (
    "<div class='optlab-so-far' data-empty='In this browser: no predictions made, no goals reached yet.'>"
    "</div>"
)
CHECKPOINT = re.compile(r"^\s*checks\.checkpoint\(", re.MULTILINE)


def page_of(ran: Path, out: Path, stem: str, ways: str) -> NotebookNode:
    """A notebook that Sphinx can take.

    Args:
        ran: what `running.run_lesson` gave.
        out: the site's folder for files as they are; takes `labs/<stem>`.
        stem: the notebook's name.
        ways: HTML that says where Python is to be had.

    Returns:
        The notebook: of each lab an element that the page's script brings to life, with its picture in it.
    """
    notebook = nbformat.read(ran / "notebook.ipynb", as_version=4)
    described = json.loads((ran / "labs" / "labs.json").read_text("utf-8"))
    folder = out / PLACE / stem
    folder.mkdir(parents=True, exist_ok=True)
    for file in (ran / "labs").iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    heading, _, text = notebook.cells[0].source.partition("\n")
    notebook.cells[0].source = f"{heading}\n\n{PLAYS.format(file=f'{stem}.ipynb')}\n{text}"
    show = _Shown(described, folder, stem)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [show.output(output) for output in cell.outputs]
            if cell.source.strip() == PROGRESS:
                cell.outputs = [_html(SO_FAR)]
            _tagged(cell)
            if CHECKPOINT.search(cell.source):
                cell.outputs.append(_html(NEEDS_PYTHON.format(ways=ways)))
    write_plain(folder / "labs.json", described)
    (folder / "shown.json").write_text(json.dumps(show.pictures, indent=1) + "\n", encoding="utf-8")
    return notebook


def lab_html(
    folder: str,
    model: str,
    picture: str,
    words: str,
    root: str,
    begins: str = "",
    size: Sequence[int] = (0, 0),
) -> str:
    """The place of a lab on a page.

    Args:
        folder: of its files, within the site.
        model: its name there.
        picture: the name of its picture.
        words: the picture in words.
        root: the way from the page to the site's root, `""` or ending in `/`.
        begins: a state to open it at; empty: as its lesson does.
        size: of the picture, in pixels: its room is kept until it is there.

    Returns:
        HTML.

    Example:
        >>> lab_html("labs/a", "w0", "b.png", 'x < "y"', "../").count("&lt; &quot;y&quot;")
        1
    """
    folder, model, picture, words, root = (html.escape(one) for one in (folder, model, picture, words, root))
    room = f'width="{size[0]}" height="{size[1]}" loading="lazy" decoding="async" fetchpriority="low"'
    still = f'<img class="optlab-still" src="{root}{folder}/{picture}" alt="{words}" {room}>'
    opened = f' data-begins="{html.escape(begins)}"' if begins else ""
    return f'<div class="optlab-view" data-folder="{folder}" data-model="{model}"{opened}>{still}</div>'


class _Shown:
    """Turns outputs into HTML, and notes each lab's picture."""

    def __init__(self, described: dict[str, Any], folder: Path, stem: str) -> None:
        self.described, self.folder, self.stem = described, folder, stem
        self.views = described.pop("views")  # by names that chance has made: no two builds have the same
        self.pictures: dict[str, dict[str, Any]] = {}

    def output(self, output: NotebookNode) -> NotebookNode:
        view = output.get("data", {}).get(VIEW)
        if view is None:
            return _linked(output)
        name = self.views[view["model_id"]]
        if name in self.described["questions"]:
            return _html(self.question(name, output["data"]))
        return _html((self.lab if "image/png" in output["data"] else self.fact)(name, output["data"]))

    def question(self, name: str, data: Any) -> str:
        without = "<noscript><p>To answer, the page needs JavaScript.</p></noscript>"
        still = data["text/html"].replace("<p>Run this cell to answer.</p>", without)
        where = f'data-folder="{PLACE}/{self.stem}" data-model="{name}"'
        return f'<div class="optlab-question" {where}>{still}</div>'

    def fact(self, name: str, data: Any) -> str:
        """What `show_me` shows is folded away: no picture stands in its place."""
        still = f'<p class="optlab-still">{html.escape(data["text/plain"])}</p>'
        where = f'data-folder="{PLACE}/{self.stem}" data-model="{name}"'
        return f'<div class="optlab-view" {where}>{still}</div>'

    def lab(self, name: str, data: Any) -> str:
        picture, size = _smaller(base64.b64decode(data["image/png"]))
        file = named_by_content(picture, "webp")
        (self.folder / file).write_bytes(picture)
        lab = self.described["labs"].get(name, {})
        words = f"{lab.get('name') or 'a figure'}, as it opens: a picture of the lab that stands here"
        shown: dict[str, Any] = {"model": name, "picture": file, "words": words, "size": size}
        self.pictures[lab.get("name") or name] = shown
        return lab_html(f"{PLACE}/{self.stem}", **shown, root="../")


def _smaller(picture: bytes) -> tuple[bytes, tuple[int, int]]:
    """A picture without loss in less than half of the bytes, and its width and height in pixels."""
    image, packed = Image.open(io.BytesIO(picture)), io.BytesIO()
    image.save(packed, "WEBP", lossless=True)
    return packed.getvalue(), image.size


LESSON_LINK = re.compile(r'(href=["\'])(\d\d\w*)\.ipynb')


def _linked(output: NotebookNode) -> NotebookNode:
    """An output whose links lead to the lessons' pages."""
    data = output.get("data", {})
    if "text/html" in data:
        data["text/html"] = LESSON_LINK.sub(r"\1\2.html", data["text/html"])
    return output


def _html(text: str) -> NotebookNode:
    return nbformat.v4.new_output("display_data", {"text/html": text})


def _tagged(cell: NotebookNode) -> None:
    """What a notebook folds away, such as a prediction's answer, is not on the page."""
    if cell.metadata.get("jupyter", {}).get("source_hidden"):
        cell.metadata.setdefault("tags", []).append("remove-input")
