"""Predictions as plain data: the answer is made when the site is built, and told when a reader has chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from optlab.live.feedback import feedback_line
from optlab.live.lab import Lab
from optlab.live.predict import Prediction
from optlab.live.replay import Replay

__all__ = ["asked", "begun", "settings_of"]


def settings_of(prediction: Prediction, lab: Lab) -> list[Mapping[str, Any]]:
    """The settings of a lab that a prediction shows; empty where it is about another lab.

    Args:
        prediction: the question.
        lab: a lab.
    """
    scene = prediction.scene
    return [scene.setting, *scene.before] if scene is not None and scene.lab is lab else []


def begun(prediction: Prediction) -> dict[str, dict[str, Any]]:
    """How a question that is sketched stands before it is decided: its page has to begin there.

    Args:
        prediction: the question, not asked yet.

    Returns:
        The states of its widgets, by their models; empty where nothing is sketched.
    """
    replay = prediction.replay
    if replay is None:
        return {}
    states = {widget.model_id: widget.get_state() for widget in (*replay.figures, replay.player)}
    states[replay.player.model_id].pop("lab")  # the kernel's: on the page another may stand in its place
    return states


def asked(prediction: Prediction, labs: Mapping[Lab, Lab]) -> dict[str, Any]:
    """A question and what is said of each answer; the run that decides is made, for the page to show.

    Args:
        prediction: the question; its `replay` is there afterwards where a lab decides.
        labs: for each lab the one that stands on the page in its place.

    Returns:
        `key`, `question` (HTML), `options`, `true` (an index), `told` (HTML, one an option); where a lab
        decides `lab`, the widget, and `stops`, where its sliders then are; where a reader may draw first
        `sketch`, what the drawing is compared with.
    """
    true = prediction.decide()
    options = prediction.options
    found: dict[str, Any] = {
        "key": prediction.key,
        "question": prediction.asked,
        "options": options,
        "true": options.index(true),
        "told": [
            feedback_line("right" if one == true else "wrong", prediction.told(one, true)) for one in options
        ],
    }
    scene = prediction.scene
    if scene is not None:
        lab = labs.get(scene.lab, scene.lab)
        places = {p.name: p.index(scene.setting.get(p.name, p.default)) for p in lab.grid.params}
        found |= {"lab": lab, "stops": list(places.values())}
        if prediction.replay is not None:
            prediction.replay.player.lab = lab.model_id
            found |= _sketched(prediction.replay)
    return found


def _sketched(replay: Replay) -> dict[str, Any]:
    if replay.sketch is None or replay.runs is None:
        return {}
    true, x, axis = replay.sketch.target(list(replay.runs)[-1])
    return {
        "sketch": {
            "figure": replay.sketch.figure,
            "true": [y if np.isfinite(y) else None for y in true.tolist()],
            "x": x.tolist(),
            "limits": list(axis.limits),
            "log": axis.log,
            "name": axis.x,
        }
    }
