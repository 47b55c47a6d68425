"""In the kernel of a notebook that becomes a page: what its labs and predictions need to play without it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from weakref import WeakSet

import ipywidgets
import numpy as np
from IPython import get_ipython

from optlab.live.drawing import draw
from optlab.live.figure import LiveFigure
from optlab.live.lab import Lab
from optlab.live.packing import pack
from optlab.live.predict import Prediction
from optlab.live.show_me import ShowMe
from optlab.live.source import Lazy, Table
from optlab.live.state import read_state
from optlab.site.coarse import MOST, coarser
from optlab.site.drawn import DRAWN, drawn
from optlab.site.models import Exported, export, write_plain
from optlab.site.questions import asked, begun, settings_of
from optlab.site.solutions import solutions
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
    before = {model: state for p in predictions for model, state in begun(p).items()}
    questions = {p.model_id: asked(p, on_page) for p in predictions}
    plain = [widget for widget in widgets if not isinstance(widget, (Lab, Prediction))]
    for fact in (widget for widget in plain if isinstance(widget, ShowMe)):
        fact.player.lab = ""  # the kernel's: on the page another may stand in its place
    replays = [p.replay for p in predictions if p.replay is not None]
    first = {figure.model_id: near(lab, figure) for lab in on_page.values() for figure in lab.figures}
    out = export([*on_page.values(), *replays, *plain], _by_id(), before, first)
    links = links_of([lab.name for lab in on_page.values()])
    places = [out.names[lab.model_id] for lab in on_page.values()]
    each = [
        _lab(lab, its, out) | {"link": link} for (its, lab), link in zip(on_page.items(), links, strict=True)
    ]
    described = {
        "views": _views(out, on_page, plain) | {p.model_id: f"q{k}" for k, p in enumerate(predictions)},
        "labs": dict(zip(places, each, strict=True)),
        "questions": {f"q{k}": _question(p, questions[p.model_id], out) for k, p in enumerate(predictions)},
        "models": out.models,
        "frames": out.frames,
        "first": out.first,
    }
    _write(Path(folder), described, out)
    held_to = {
        place: {"name": link} | drawn(lab)
        for place, link, lab in zip(places, links, on_page.values(), strict=True)
    }
    write_plain(Path(folder).parent / DRAWN, held_to)


def links_of(names: Sequence[str]) -> list[str]:
    """What each lab of a page is called in a link: its name; of labs of one name the second has `_2`.

    Args:
        names: the labs' names in the order of the page; empty: it has none, and no link leads to it.

    Example:
        >>> links_of(["race_lab", "", "race_lab", "edge_lab"])
        ['race_lab', '', 'race_lab_2', 'edge_lab']
    """
    before = [list(names[:k]).count(name) for k, name in enumerate(names)]
    return [f"{name}_{n + 1}" if name and n else name for name, n in zip(names, before, strict=True)]


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
        lab._filling.close()  # noqa: SLF001  (its thread would go on with settings that no page has)
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


def near(lab: Lab, figure: LiveFigure) -> list[int]:
    """The places of the settings that a lab's first slider comes to, those next to where it opens first.

    Args:
        lab: the lab.
        figure: one of its figures.
    """
    grid = lab.grid
    axis = next((k for k, stops in enumerate(grid.shape) if stops > 1), 0)
    here = list(grid.indices(lab.slot))
    stops = sorted(range(grid.shape[axis]), key=lambda stop: abs(stop - here[axis]))
    return figure.places_of([grid.slot([*here[:axis], stop, *here[axis + 1 :]]) for stop in stops])


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
        "goals": solutions(lab),
        "program": factored(texts, shape) if texts else None,
    }


def _question(prediction: Prediction, question: dict[str, Any], out: Exported) -> dict[str, Any]:
    lab, replay = question.pop("lab", None), prediction.replay
    if "sketch" in question:
        question["sketch"]["figure"] = out.names[question["sketch"]["figure"].model_id]
    return question | {
        "lab": out.names[lab.model_id] if lab is not None else None,
        "replay": out.names[replay.model_id] if replay is not None else None,
        "player": out.names[replay.player.model_id] if replay is not None else None,
        "figures": [out.names[figure.model_id] for figure in replay.figures] if replay is not None else [],
    }


def _write(folder: Path, described: dict[str, Any], out: Exported) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in out.files.items():
        (folder / name).write_bytes(content)
    write_plain(folder / "labs.json", described)
