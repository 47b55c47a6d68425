"""In the kernel of a notebook that becomes a page: what its labs and predictions need to play without it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from weakref import WeakSet

import ipywidgets
import numpy as np
from IPython import get_ipython

from optlab.live.drawing import draw
from optlab.live.lab import Lab
from optlab.live.packing import pack
from optlab.live.predict import Prediction
from optlab.live.source import Lazy, Table
from optlab.live.state import read_state
from optlab.site.coarse import MOST, coarser
from optlab.site.models import Exported, export
from optlab.site.questions import asked, settings_of
from optlab.site.texts import factored

__all__ = ["begin", "collect"]

MOST_BYTES = 5_000_000
"""Of the frames of a lab whose own grid is too large for a page: neighbours pack twice as well as samples."""
SAMPLED = 64
_made: WeakSet[ipywidgets.Widget] = WeakSet()
_opened: dict[str, str] = {}
"""For each lab the state in which its cell has left it."""


def begin() -> None:
    """Note every widget that is made from now on, and how each lab is when its cell ends."""
    ipywidgets.Widget.on_widget_constructed(_made.add)
    get_ipython().events.register("post_run_cell", lambda _: _note_states())


def _note_states() -> None:
    for lab in _of(Lab):
        _opened.setdefault(lab.model_id, lab.state)


def _of(kind: type[ipywidgets.Widget]) -> list[Any]:
    return [widget for widget in list(_made) if widget.comm is not None and isinstance(widget, kind)]


def collect(folder: str, shown: Sequence[str]) -> None:
    """Write what the page needs of the labs and predictions that its cells show.

    Args:
        folder: takes `labs.json` and a file for each long piece of it.
        shown: the ids of the widgets' models, in the order of the page.
    """
    known = _by_id()
    widgets = [known[model] for model in dict.fromkeys(shown) if model in known]
    predictions = [widget for widget in widgets if isinstance(widget, Prediction)]
    labs = [widget for widget in widgets if isinstance(widget, Lab)]
    labs += [p.scene.lab for p in predictions if p.scene is not None and p.scene.lab not in labs]
    on_page = {lab: _for_the_page(lab, predictions) for lab in dict.fromkeys(labs)}
    questions = {p.model_id: asked(p, on_page) for p in predictions}
    plain = [widget for widget in widgets if not isinstance(widget, (Lab, Prediction))]
    replays = [p.replay for p in predictions if p.replay is not None]
    out = export([*on_page.values(), *replays, *plain], _by_id())
    described = {
        "views": _views(out, on_page, plain),
        "labs": {out.names[lab.model_id]: _lab(lab, its, out) for its, lab in on_page.items()},
        "questions": {p.model_id: _question(p, questions[p.model_id], out) for p in predictions},
        "models": out.models,
        "frames": out.frames,
    }
    _write(Path(folder), described, out)


def _by_id() -> dict[str, ipywidgets.Widget]:
    return {widget.model_id: widget for widget in _of(ipywidgets.Widget)}


def _views(out: Exported, on_page: dict[Lab, Lab], plain: Iterable[ipywidgets.Widget]) -> dict[str, str]:
    """For each widget that a cell shows the name of the model that stands for it."""
    return {its.model_id: out.names[lab.model_id] for its, lab in on_page.items()} | {
        widget.model_id: out.names[widget.model_id] for widget in plain
    }


def _for_the_page(lab: Lab, predictions: Iterable[Prediction]) -> Lab:
    """A lab whose every setting is there: itself, or one with fewer stops; as its cell has left it."""
    state = _opened.get(lab.model_id, "")
    if isinstance(lab.source, Lazy):
        lab = _ahead(lab, _needed(lab, state, predictions), state)
    begun = read_state(lab.grid, state, lab.toolbar.last)
    lab.set(**lab.grid.setting(begun.slot))
    lab.toolbar.pins = list(begun.pins)
    lab.toolbar.step = lab.toolbar.last if begun.step is None else begun.step
    lab.fill()
    slot = lab.slot
    for figure, frame in zip(lab.figures, draw(lab.plots, lab.goals, lab.result), strict=True):
        figure.push(frame, slot)
    return lab


def _needed(lab: Lab, state: str, predictions: Iterable[Prediction]) -> list[Any]:
    """The settings that a coarser grid must have: those that the lesson names."""
    begun = read_state(lab.grid, state, lab.toolbar.last)
    opened = [lab.grid.setting(slot) for slot in (begun.slot, *begun.pins) if slot >= 0]
    goals = [{name: getattr(v, "value", v) for name, v in goal.where.items()} for goal in lab.goals]
    return [*opened, *goals, *(setting for p in predictions for setting in settings_of(p, lab))]


def _ahead(lab: Lab, needed: Sequence[Any], state: str) -> Lab:
    ahead = Lab(
        coarser(lab.grid, needed, min(MOST, MOST_BYTES // bytes_a_setting(lab))).params,
        Table(lab.source.run, chunk=256),
        lab.plots,
        goals=lab.goals,
        maps=[one.declared for one in lab.maps],
        program=lab.program,
        name=lab.name,
        hide=[p.name for p in lab.grid.params if len(p.values) == 1],
        state=state,
    )
    ahead.toolbar.call = lab.toolbar.call
    return ahead


def bytes_a_setting(lab: Lab) -> int:
    """About how many bytes of its frames a setting adds to a page: of some settings all over the grid.

    Args:
        lab: the lab.
    """
    slots = [int(slot) for slot in np.linspace(0, lab.grid.size - 1, SAMPLED)]
    record = lab.source.run(lab.grid.settings(slots))
    frames = [plot.frames(record) for plot in lab.plots]
    return sum(len(pack(one.values, one.lists())) for one in frames) // len(slots) + 1


def _lab(lab: Lab, its: Lab, out: Exported) -> dict[str, Any]:
    shape = lab.grid.shape
    slots = range(lab.grid.size)
    program = lab.program
    texts = [program(lab.grid.setting(slot)) for slot in slots] if program is not None else []
    return {
        "name": lab.name,
        "toolbar": out.names[lab.toolbar.model_id],
        "sliders": [out.names[control.slider.model_id] for control in lab.controls],
        "frames": [name for part in (*lab.figures, *lab.maps) for name in out.frames_of(part)],
        "shape": list(shape),
        "settings": lab.grid.size,
        "of": its.grid.size,
        "program": factored(texts, shape) if texts else None,
    }


def _question(prediction: Prediction, question: dict[str, Any], out: Exported) -> dict[str, Any]:
    lab, replay = question.pop("lab", None), prediction.replay
    return question | {
        "lab": out.names[lab.model_id] if lab is not None else None,
        "replay": out.names[replay.model_id] if replay is not None else None,
        "player": out.names[replay.player.model_id] if replay is not None else None,
    }


def _write(folder: Path, described: dict[str, Any], out: Exported) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in out.files.items():
        (folder / name).write_bytes(content)
    text = json.dumps(described, ensure_ascii=False, separators=(",", ":"))
    (folder / "labs.json").write_text(text, encoding="utf-8")
