"""Plots over the epochs of a training: losses, and the learning rate."""

import math
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
import torch

from optlab import Film, History, Plot
from optlab.engine.rules.schedules import power_decay
from optlab.engine.training.history import NEVER
from optlab.live.plots import BLUE, GREEN, GREY, ORANGE, counted, number
from optlab.live.together import Together


def loss_curves(
    epochs: int,
    top: float = 1.2,
    chance: float | None = None,
    *,
    std: float | None = None,
    hint: str = "",
) -> Plot:
    """Training and test loss after every epoch; a run that diverges ends in a cross.

    Args:
        epochs: how many epochs the axis holds.
        top: the largest loss on the axis; curves leave the picture above it.
        chance: the loss of a model that knows nothing, drawn as a line to beat; None leaves it out.
        std: of a regression whose target has been divided by it: the texts also tell how far off the answers
            are, in the units of the target.
        hint: what may be the matter where a run diverges.

    Returns:
        A plot of a `History`.

    Example:
        >>> from optlab import iris_pair, train
        >>> loss_curves(epochs=5).frames(train(iris_pair(), epochs=5)).labels[0]
        'Training loss falls from 0.713 to 0.59, test loss from 0.696 to 0.57, in 5 epochs.'
    """
    limits: dict[str, Any] = {"xlim": (0, epochs), "ylim": (0, top)}
    ylabel = "loss" if std is None else "squared error ÷ variance of y"
    axes: dict[str, Any] = limits | {"xlabel": "epoch", "ylabel": ylabel, "empty": partial(_why_empty, hint)}
    plot = Plot(film=Film("epoch"), title_lines=1, legend=True, **axes)
    if chance is not None:
        plot.ax.axhline(chance, color=GREY, linewidth=0.8, linestyle=":")
        words = "chance" if std is None else "always the mean of y"
        plot.ax.annotate(words, (epochs, chance), color=GREY, fontsize=8, ha="right", va="bottom")
    x = np.arange(epochs + 1)
    plot.line("training loss", lambda run: run.train_loss, BLUE, x=x)
    plot.line("test loss", lambda run: run.test_loss, ORANGE, "--", x=x, role="other")

    def cross(run: History) -> tuple[np.ndarray, np.ndarray]:
        last = _last_known(run)
        return np.where(run.diverged_at != NEVER, last, np.nan), run.train_loss[np.arange(len(run)), last]

    plot.point(
        "diverged", cross, "black", "X", size=9, role="end", appears=_last_known, markeredgecolor="black"
    )
    plot.title(Together(lambda run: _summaries(run, std)))
    plot.words(Together(lambda run: _losses_in_words(run, std)))
    return plot


BESIDE: Sequence[tuple[float, Any]] = ((0.1, ":"), (1.0, "--"), (10.0, "-."))
"""Decay rates that are drawn beside the one on the slider, and their dashes."""


def rate_curve(
    epochs: int, low: float, high: float, depends_on: Sequence[str] | None = None, *, beside: bool = False
) -> Plot:
    """The learning rate in force in every epoch, on a log axis.

    Args:
        epochs: how many epochs the axis holds.
        low: the smallest rate on the axis.
        high: the largest.
        depends_on: the sliders that the rates depend on, as in `Plot`.
        beside: whether to draw, thin and grey, what some other δ would give under the article's decay: a rate
            that stays as it is, is then seen to.

    Returns:
        A plot of a `History`.
    """
    axes: dict[str, Any] = {
        "xlabel": "epoch",
        "ylabel": "learning rate",
        "xlim": (0, epochs),
        "yscale": "log",
    }
    film = Film("epoch", first=1)
    plot = Plot(film=film, title_lines=1, legend=beside, ylim=(low, high), depends_on=depends_on, **axes)
    plot.line("learning rate", lambda run: run.lr, GREEN, x=np.arange(1, epochs + 1))
    if beside:
        few = np.unique(np.geomspace(1, epochs, 12).round())  # they are smooth, and bent at first
        for delta, style in BESIDE:
            look: dict[str, Any] = {"x": few, "role": "theory", "width": 0.9, "zorder": 1.9}
            plot.line(f"at δ = {delta:g}", partial(_decayed, few - 1, delta), GREY, style, **look)
    plot.title(Together(lambda run: [f"rate {rates}" if rates else "" for rates in _rates(run)]))
    plot.words(Together(_rates_in_words))
    return plot


def _decayed(t: np.ndarray, delta: float, run: History) -> np.ndarray:
    """The rates at some times, `(settings, times)`, if δ were this."""
    lr, p = (torch.as_tensor(run.settings[name])[:, None] for name in ("lr", "p"))
    return power_decay(torch.as_tensor(t)[None], lr=lr, delta=delta, p=p).numpy()


def _why_empty(hint: str, one: History) -> str:
    (lost,) = one.diverged_at
    if lost == NEVER:
        return "the losses lie above this axis"
    return f"diverged at epoch {lost}" + (f"\n{hint}" if hint else "")


def _last_known(run: History) -> np.ndarray:
    """The last epoch whose training loss is finite, `(settings,)`."""
    known = np.isfinite(run.train_loss)
    return np.where(known.any(1), known.shape[1] - 1 - known[:, ::-1].argmax(1), 0)


def _ends(run: History) -> Iterator[tuple[int, int, float, float, float, float, float]]:
    """For each run when it diverged, its last epoch, both losses there and at first, and the accuracy."""
    rows, last = np.arange(len(run)), _last_known(run)
    ends = (part[rows, last].tolist() for part in (run.train_loss, run.test_loss, run.test_accuracy))
    first = (part[:, 0].tolist() for part in (run.train_loss, run.test_loss))
    return zip(run.diverged_at.tolist(), last.tolist(), *ends, *first, strict=True)


def _summaries(run: History, std: float | None) -> list[str]:
    return [
        f"diverged at epoch {lost}"
        if lost != NEVER
        else f"epoch {last}: train {train:.3f} · test {test:.3f}{_right(accuracy)}{_off(test, std, ' · ')}"
        for lost, last, train, test, accuracy, *_ in _ends(run)
    ]


def _right(accuracy: float) -> str:
    return f" · test accuracy {accuracy:.0%}" if math.isfinite(accuracy) else ""


def _off(loss: float, std: float | None, joint: str) -> str:
    """The root mean squared error in the units of the target."""
    return "" if std is None else f"{joint}test RMSE {number(std * math.sqrt(loss))}"


def _losses_in_words(run: History, std: float | None) -> list[str]:
    return [
        f"The run diverged at epoch {lost}; its training loss was {number(began)} at first."
        if lost != NEVER
        else f"Training loss {'falls' if train < began else 'rises'} {_from_to(began, train)}, "
        f"test loss {_from_to(test_began, test)}, in {counted(last, 'epoch')}{_off(test, std, '; ')}."
        for lost, last, train, test, _, began, test_began in _ends(run)
    ]


def _rates_in_words(run: History) -> list[str]:
    return [
        f"The learning rate goes {rates}." if rates else "No epoch has been trained yet."
        for rates in _rates(run)
    ]


def _rates(run: History) -> list[str]:
    """For each run its first and its last rate; empty where no epoch has been trained yet."""
    known = np.isfinite(run.lr).sum(axis=1)  # a run that is not finished ends in gaps
    last = run.lr[np.arange(len(run)), np.maximum(known, 1) - 1].tolist()
    return [
        _from_to(first, end) if count else ""
        for first, end, count in zip(run.lr[:, 0].tolist(), last, known.tolist(), strict=True)
    ]


def _from_to(first: float, last: float) -> str:
    return f"from {number(first)} to {number(last)}"
