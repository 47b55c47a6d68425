"""Predictions: a learner commits to an answer before the run, and sees it unfold at once, where it was asked.

A prediction never raises on what a learner does: an answer that is missing or a run that fails is feedback.
"""

from __future__ import annotations

import hashlib
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ipywidgets

from optlab.live import progress
from optlab.live.cells import replace_earlier
from optlab.live.feedback import NOT_ANSWERED, answered_before, emphasised, feedback_line, marked, plain_text
from optlab.live.layout import close_tree
from optlab.live.reasons import Answer, Why, check_question, reasons_of
from optlab.live.replay import Replay
from optlab.live.shown import signed
from optlab.live.told import Told

if TYPE_CHECKING:
    from optlab.live.lab import Lab

__all__ = ["Prediction", "predict"]

ABOUT = "optlab-about-"
"""With a lab's model: the class of a guess that this lab decides."""

Setting = Mapping[str, Any]


def predict(
    question: str,
    options: Sequence[str],
    *,
    answer: Answer,
    because: Why,
    lab: Lab | None = None,
    setting: Setting | None = None,
    before: Setting | Sequence[Setting] = (),
    figures: Sequence[int] = (),
    sketch: str = "",
) -> Prediction:
    """Ask for a prediction before the run; nothing is run until one is locked in.

    Then the run that decides plays below as a film, over those before it. At its end, or when the reader
    skips it, the right option is marked and the reason is told. The lab's sliders stay where they are; a
    button takes them there.

    Args:
        question: what to predict; `*a word*` is emphasised.
        options: the answers to choose from, 2 or more, in plain text.
        answer: the true option, or a function that reads it from the runs: it is called with a record of one
            setting for each of `before`, then one for `setting`; without a lab, with nothing.
        because: one sentence that says why; or one for each option, in their order, so that who guessed wrong
            is told why that fails; or, by option, for the right one and any of the others.
        lab: the lab that decides.
        setting: where it decides: the sliders that are not at their defaults.
        before: a setting to compare with, or several; they stay in sight.
        figures: which of the lab's figures show it, counted from 0; empty: all.
        sketch: the label of a line that the learner may draw with the pointer first; empty: none.

    Returns:
        The widget; make it the last line of a cell.

    Raises:
        TypeError: if only one of `lab` and `setting` is given, or `because` is of the wrong kind.
        ValueError: if there are fewer than two options, if two are the same, if `answer` or a key of
            `because` is none of them, if there are more or fewer reasons than options, if a reason is empty,
            or if the lab has not what is asked of it.

    Example:
        >>> predict("Which is larger?", ["2³", "3²"], answer="3²", because="3² is 9, and 2³ is 8.")
        Prediction: not answered yet
    """
    check_question(options, answer, because)
    if (lab is None) != (setting is None):
        raise TypeError("lab and setting: expected both or neither")
    earlier = [before] if isinstance(before, Mapping) else list(before)
    scene = _Scene(lab, setting or {}, earlier, tuple(figures), sketch) if lab is not None else None
    return Prediction(question, options, answer, because, scene)


@dataclass(frozen=True)
class _Scene:
    """Where a prediction is decided."""

    lab: Lab
    setting: Setting
    before: Sequence[Setting]
    figures: tuple[int, ...]
    sketch: str

    def open(self) -> Replay:
        return Replay(self.lab, self.before, self.figures, self.sketch, self.setting)


class Prediction(ipywidgets.VBox):
    """A question whose answer is chosen once and then compared with the run; see `predict`.

    Attributes:
        key: names the question from day to day.
        choice: the radio buttons.
        lock: the button that makes the choice final.
        feedback: the lines below, as HTML.
        outcome: the same in plain text.
        replay: the runs that decide; None until there is something to show.
        asked: the question, as HTML.
        options: the answers to choose from.
        scene: where it is decided; None: no lab decides.
    """

    def __init__(
        self, question: str, options: Sequence[str], answer: Answer, because: Why, scene: _Scene | None
    ) -> None:
        self.question, self.outcome = plain_text(question), NOT_ANSWERED
        self.key = hashlib.sha1(self.question.encode(), usedforsecurity=False).hexdigest()[:12]
        self.options, self._answer, self._because, self.scene = list(options), answer, because, scene
        self.replay: Replay | None = scene.open() if scene and scene.sketch else None
        self.asked = f"<div style='line-height: 1.5'><b>{emphasised(question)}</b></div>"
        self._question = ipywidgets.HTML(self.asked, layout={"width": "auto"})
        self.choice = ipywidgets.RadioButtons(
            options=tuple(options), index=None, layout={"width": "auto"}, tooltip=self.question
        )
        self.lock = ipywidgets.Button(
            description="lock in", tooltip="Make this your prediction; it cannot be changed after"
        )
        self.feedback = Told(layout={"width": "auto", "min_height": "32px"})
        self.lock.on_click(lambda _: self._lock_in())
        super().__init__()
        self._lay_out()
        self._recall()
        self.add_class("optlab-guess")
        if scene is not None:
            self.add_class(f"{ABOUT}{scene.lab.model_id}")  # the stage shows it with its lab
        replace_earlier(self)

    def close(self) -> None:
        """Close every widget it is made of, so that no comm is left."""
        if not hasattr(self, "replay"):  # the constructor failed; called by the garbage collector
            return
        if self.replay is not None:
            self.replay.close()
        close_tree(self)
        self.scene, self.replay = None, None  # the notebook's Out[...] keeps closed predictions

    def __repr__(self) -> str:
        """The outcome in one line."""
        return f"Prediction: {self.outcome}"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The live question, and its text for places without a kernel."""
        bundle = super()._repr_mimebundle_(**kwargs)
        options = "".join(f"<li>{html.escape(option)}</li>" for option in self.options)
        bundle["text/html"] = f"{self._question.value}<ul>{options}</ul><p>Run this cell to answer.</p>"
        return signed(bundle)

    def _lay_out(self) -> None:
        """The options stand beside a sketch; a film without one plays below the answer."""
        asked = [self.choice, self.lock, self.feedback]
        if self.replay is not None and self.replay.sketch:
            asked = [ipywidgets.Box([self.replay, ipywidgets.VBox(asked)])]
            asked[0].add_class("optlab-guess-beside")
        elif self.replay is not None:
            asked = [*asked, self.replay]
        self.children = [self._question, *asked]

    def _recall(self) -> None:
        """Show what was answered on another day; it can be answered again."""
        noted = progress.recall("prediction", self.key) or {}
        if not {noted.get("chosen"), noted.get("true")} <= set(self.options):
            self._say("unanswered", NOT_ANSWERED)
            return
        self._say("unanswered", answered_before(noted["chosen"], noted["true"]))

    def _lock_in(self) -> None:
        """Freeze the choice, run what decides, and compare."""
        chosen = self.choice.value
        if chosen is None:
            self._say("unanswered", f"{NOT_ANSWERED}: choose one first")
            return
        self.choice.disabled = self.lock.disabled = True
        self._say("unanswered", f"you said “{chosen}”; running it …")
        self.feedback.focus()  # the button that had the focus is disabled now
        try:
            true = self._run()
        except Exception as error:  # noqa: BLE001  (a learner may have closed the lab, or renamed it)
            why = f"{type(error).__name__}: {error}"
            self._say("unanswered", f"you said “{chosen}”; the run could not be made: {why}")
        else:
            self._note(chosen, true)
            self._reveal(chosen, true)

    def _run(self) -> str:
        """Show the run that decides, and read the answer."""
        true = self.decide()
        if self.scene is not None and not self.scene.sketch:
            self._lay_out()
        return true

    def decide(self) -> str:
        """Make the runs that decide, and show them in `replay`.

        Returns:
            The right option, read from them.
        """
        runs: list[Any] = []
        if self.scene is not None:
            self.replay = self.replay or self.scene.open()
            self.replay.play(self.scene.setting)
            runs = list(self.replay.runs or ())
        return self._answer(*runs) if callable(self._answer) else self._answer

    def _reveal(self, chosen: str, true: str) -> None:
        """Tell the answer once the run that decides has been seen: told before, it would spoil the film."""
        if self.replay is None:
            self._compare(chosen, true)
            return
        self._say("unanswered", f"you said “{chosen}”; now the run decides …")
        self.replay.player.verdict = self._verdict(chosen, true)
        self.replay.when_seen(lambda: self._compare(chosen, true))

    def _compare(self, chosen: str, true: str) -> None:
        self._mark(chosen, true)
        self._tell(chosen, true)
        if self.replay is not None and self.replay.sketch:  # a last stroke may arrive late
            self.replay.sketch.figure.observe(lambda _: self._tell(chosen, true), "drawn")

    def _mark(self, chosen: str, true: str) -> None:
        """Mark the right option, and the one that was chosen, with a sign and words."""
        self.lock.layout.display = "none"
        with self.choice.hold_sync():
            labels = marked(self.options, chosen, true)
            self.choice.options = tuple(zip(labels, self.options, strict=True))
            self.choice.value = chosen
        self.choice.add_class(self._class_of(true))

    def _class_of(self, true: str) -> str:
        return f"optlab-right-{self.options.index(true) + 1}"

    def _verdict(self, chosen: str, true: str) -> list[list[Any]]:
        """What `_mark` and `_tell` will set, for a page whose kernel is gone by then."""
        line = feedback_line(*self._told(chosen, true))
        answered = {
            "_options_labels": marked(self.options, chosen, true),
            "_dom_classes": [*self.choice.get_state("_dom_classes")["_dom_classes"], self._class_of(true)],
        }
        return [
            [self.feedback.model_id, {"value": line}],
            [self.choice.model_id, answered],
            [self.lock.layout.model_id, {"display": "none"}],
        ]

    def told(self, chosen: str, true: str) -> str:
        """What is said of an answer: what was right, and why.

        Args:
            chosen: the option that was chosen.
            true: the one that is right.

        Returns:
            Plain text.
        """
        reasons = reasons_of(self.options, self._because, true)
        if chosen == true:
            said = [f"right: “{true}”.", reasons.get(true, "")]
        elif chosen in reasons:  # each reason beside its option: it may begin with "It would"
            said = [f"not this time: you said “{chosen}”.", reasons[chosen]]
            said += [f"The run says “{true}”.", reasons.get(true, "")]
        else:
            said = [f"not this time: you said “{chosen}”; the run says “{true}”.", reasons.get(true, "")]
        return " ".join(filter(None, said))

    def _tell(self, chosen: str, true: str) -> None:
        """Say what was right and why, and how far off the sketch was."""
        self._say(*self._told(chosen, true))
        self._note(chosen, true)

    def _told(self, chosen: str, true: str) -> tuple[str, str]:
        """Whether it was right, and all that is said of it."""
        sketch = self.replay.sketch if self.replay else None
        drawn = sketch.told(list(self.replay.runs or ())[-1]) if sketch and self.replay else ""
        return "right" if chosen == true else "wrong", f"{self.told(chosen, true)} {drawn}".strip()

    def _note(self, chosen: str, true: str) -> None:
        """Keep it for another day."""
        sketch = self.replay.sketch if self.replay else None
        outcome = {"question": self.question, "chosen": chosen, "true": true, "right": chosen == true}
        progress.note("prediction", self.key, outcome | {"sketch": _thinned(sketch.drawn if sketch else [])})

    def _say(self, state: str, text: str) -> None:
        self.outcome = text
        self.feedback.value = feedback_line(state, text)


def _thinned(drawn: Sequence[float | None]) -> list[float | None]:
    """A sketch that is short enough to be kept."""
    return [None if y is None else float(f"{y:.3g}") for y in drawn[:: 1 + len(drawn) // 200]]
