"""Widgets as plain data: their state as JSON, every long piece of it in a file of its own beside the page.

The page's text and its JSON never wait for a frame. Pictures, frames and front ends are files named after
what is in them, so what two figures share is stored, fetched and cached once.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ipywidgets

from optlab.site.frames import packed_frames

__all__ = ["Exported", "export", "named_by_content", "write_plain"]

REFERENCE = "IPY_MODEL_"
SMALL = 1024
"""Bytes that travel within the JSON."""
OF_THE_PAGE = ("_view_count", "tabbable", "tooltip_set")
"""Traits that say nothing on a page."""
TEXTS = {"_esm": "js", "_css": "css"}
"""Traits that are the same for all widgets of a kind."""


@dataclass
class Exported:
    """What a page needs of some widgets.

    Args:
        models: for each model its class, its state, and where in it the contents of which file belong; for a
            figure with frames the pictures that it opens with, which its first frames lie on.
        frames: for each model of frames its file; none is fetched before its lab is looked at.
        first: of these the ones that are looked at first, where a figure's frames are two files.
        files: for each file its contents.
        names: for each of the widgets' own ids the name of its model here.
    """

    models: dict[str, dict[str, Any]] = field(default_factory=dict)
    frames: dict[str, str] = field(default_factory=dict)
    first: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def frames_of(self, widget: ipywidgets.Widget) -> list[str]:
        """The models of a figure's or map's frames.

        Args:
            widget: the figure or map.

        Returns:
            Names in `frames`.
        """
        pages = self.models[self.names[widget.model_id]]["state"].get("pages", [])
        return [reference.removeprefix(REFERENCE) for reference in pages]

    def keep(self, content: bytes, ending: str) -> str:
        """Keep a file under a name that is made of its contents.

        Args:
            content: the bytes.
            ending: of its name.

        Returns:
            Its name.
        """
        name = named_by_content(content, ending)
        self.files[name] = content
        return name


def named_by_content(content: bytes, ending: str) -> str:
    """A file name that is the same for the same contents, so that it is stored and fetched once.

    Args:
        content: the bytes.
        ending: of the name.

    Example:
        >>> named_by_content(b"", "bin")
        'e3b0c44298fc1c14.bin'
    """
    return f"{hashlib.sha256(content).hexdigest()[:16]}.{ending}"


def write_plain(file: Path, what: Any) -> None:
    """Write JSON, short; numbers to twelve digits, since the order of a sum decides the last ones.

    Args:
        file: where.
        what: anything that JSON has.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     write_plain(Path(folder) / "sum.json", {"sum": 0.1 + 0.2, "terms": (1, 2)})
        ...     print((Path(folder) / "sum.json").read_text())
        {"sum":0.3,"terms":[1,2]}
    """
    file.write_text(json.dumps(_rounded(what), ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def _rounded(what: Any) -> Any:
    if isinstance(what, float):
        return float(f"{what:.12g}")
    if isinstance(what, Mapping):
        return {name: _rounded(value) for name, value in what.items()}
    if isinstance(what, (list, tuple)):
        return [_rounded(value) for value in what]
    return what


def export(
    roots: Iterable[ipywidgets.Widget],
    known: Mapping[str, ipywidgets.Widget],
    begun: Mapping[str, Mapping[str, Any]] | None = None,
    first: Mapping[str, Sequence[int]] | None = None,
) -> Exported:
    """The state of widgets and of all that they refer to.

    Args:
        roots: the widgets.
        known: by its model's id every widget that they may refer to.
        begun: by a model's id a state that its page begins in, before it comes to the one that it has now.
        first: by a figure's id the places of the frames that are looked at first, the nearest first.

    Returns:
        The state. Names are counted, so that two builds are alike.

    Example:
        >>> slider = ipywidgets.FloatSlider(value=0.5)
        >>> found = export([slider], {one.model_id: one for one in (slider.layout, slider.style)})
        >>> found.models["w0"]["state"]["value"], len(found.models)
        (0.5, 3)
        >>> slider.close()
    """
    return _Walk(known, begun or {}, first or {}).all(roots)


class _Walk:
    """Goes from widget to widget."""

    def __init__(
        self,
        known: Mapping[str, ipywidgets.Widget],
        begun: Mapping[str, Mapping[str, Any]],
        first: Mapping[str, Sequence[int]],
    ) -> None:
        self.known, self.begun, self.first, self.out = known, begun, first, Exported()
        self.waiting: list[ipywidgets.Widget] = []

    def all(self, roots: Iterable[ipywidgets.Widget]) -> Exported:
        for root in roots:
            self.name(root)
        while self.waiting:
            self.model(self.waiting.pop(0))
        return self.out

    def name(self, widget: ipywidgets.Widget) -> str:
        names = self.out.names
        if widget.model_id not in names:
            names[widget.model_id] = f"w{len(names)}"
            self.waiting.append(widget)
        return names[widget.model_id]

    def model(self, widget: ipywidgets.Widget) -> None:
        state = widget.get_state()
        texts = {
            k: self.out.keep(str(state.pop(k)).encode(), end) for k, end in TEXTS.items() if state.get(k)
        }
        pages = state.pop("pages", None)
        files: list[list[Any]] = []
        plain = {
            key: self.plain(value, [key], files)
            for key, value in state.items()
            if key not in OF_THE_PAGE and not (value is None and state["_model_name"] == "LayoutModel")
        }
        model = {"state": plain, "files": files, "texts": texts}
        if pages is not None:
            plain["pages"], model["opens"] = self.pages(widget)
        before = self.begun.get(widget.model_id, {})
        changed = {key: was for key, was in before.items() if key in plain and was != state.get(key, was)}
        if changed:
            files = []
            first = {key: self.plain(value, [key], files) for key, value in changed.items()}
            model["begins"] = {"state": first, "files": files, "texts": {}}
        self.out.models[self.out.names[widget.model_id]] = model

    def plain(self, value: Any, path: list[Any], files: list[list[Any]]) -> Any:
        """A value as JSON has it: bytes become files, or text where they are few; models get their names."""
        if isinstance(value, (bytes, bytearray, memoryview)):
            content = bytes(value)
            small = len(content) <= SMALL
            files.append(
                [
                    path,
                    base64.b64encode(content).decode() if small else "",
                    "" if small else self.out.keep(content, "bin"),
                ]
            )
            return None
        if isinstance(value, dict):
            return {key: self.plain(one, [*path, key], files) for key, one in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.plain(one, [*path, k], files) for k, one in enumerate(value)]
        if isinstance(value, str) and value.startswith(REFERENCE):
            other = self.known.get(value.removeprefix(REFERENCE))
            return f"{REFERENCE}{self.name(other)}" if other is not None else None
        if isinstance(value, str) and value in self.known:  # such as a toolbar's lab
            return self.name(self.known[value])
        return value

    def pages(self, widget: ipywidgets.Widget) -> tuple[list[str], list[int]]:
        """All frames of a figure or map as one file or two, and the pictures of the first."""
        found = packed_frames(widget.pages, self.first.get(widget.model_id, ())) if widget.pages else []
        names = [f"f{len(self.out.frames) + k}" for k in range(len(found))]
        self.out.frames |= {
            name: self.out.keep(one.content, "frames") for name, one in zip(names, found, strict=True)
        }
        self.out.first += names[:-1]
        return [f"{REFERENCE}{name}" for name in names], found[0].scenes if found else []
