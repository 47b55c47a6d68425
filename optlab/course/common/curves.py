"""Plots over the epochs of a training: losses, and the learning rate."""

from typing import Any

import numpy as np

from optlab import Film, History, Plot
from optlab.engine.training.history import NEVER
from optlab.live.plots import BLUE, GREEN, GREY, ORANGE, number


def loss_curves(epochs: int, top: float = 1.2, chance: float | None = None) -> Plot:
    """Training and test loss after every epoch; a run that diverges ends in a cross.

    Args:
        epochs: how many epochs the axis holds.
        top: the largest loss on the axis; curves leave the picture above it.
        chance: the loss of a model that knows nothing, drawn as a line to beat; None leaves it out.

    Returns:
        A plot of a `History`.

    Example:
        >>> from optlab import iris_pair, train
        >>> loss_curves(epochs=5).frames(train(iris_pair(), epochs=5)).labels[0]
        'Training loss falls from 0.713 to 0.59, test loss from 0.696 to 0.57, in 5 epochs.'
    """
    limits: dict[str, Any] = {"xlim": (0, epochs), "ylim": (0, top)}
    plot = Plot(
        film=Film("epoch"), title_lines=1, legend="upper right", xlabel="epoch", ylabel="loss", **limits
    )
    if chance is not None:
        plot.ax.axhline(chance, color=GREY, linewidth=0.8, linestyle=":")
        plot.ax.annotate("chance", (epochs, chance), color=GREY, fontsize=8, ha="right", va="bottom")
    x = np.arange(epochs + 1)
    plot.line("training loss", lambda run: run.train_loss, BLUE, x=x)
    plot.line("test loss", lambda run: run.test_loss, ORANGE, "--", x=x, role="other")

    def cross(run: History) -> tuple[np.ndarray, np.ndarray]:
        last = _last_known(run)
        height = np.minimum(run.train_loss[np.arange(len(run)), last], top * 0.97)
        return np.where(run.diverged_at != NEVER, last, np.nan), height

    plot.point(
        "diverged", cross, "black", "X", size=9, role="end", appears=_last_known, markeredgecolor="black"
    )
    plot.title(_summary)
    plot.words(_losses_in_words)
    return plot


def rate_curve(epochs: int, low: float, high: float) -> Plot:
    """The learning rate in force in every epoch, on a log axis.

    Args:
        epochs: how many epochs the axis holds.
        low: the smallest rate on the axis.
        high: the largest.

    Returns:
        A plot of a `History`.
    """
    axes: dict[str, Any] = {
        "xlabel": "epoch",
        "ylabel": "learning rate",
        "xlim": (0, epochs),
        "yscale": "log",
    }
    plot = Plot(film=Film("epoch", first=1), title_lines=1, ylim=(low, high), **axes)
    plot.line("learning rate", lambda run: run.lr, GREEN, x=np.arange(1, epochs + 1))
    plot.title(lambda one: f"rate {_rates(one)}" if _rates(one) else "")
    plot.words(
        lambda one: (
            f"The learning rate goes {_rates(one)}." if _rates(one) else "No epoch has been trained yet."
        )
    )
    return plot


def _last_known(run: History) -> np.ndarray:
    """The last epoch whose training loss is finite, `(settings,)`."""
    known = np.isfinite(run.train_loss)
    return np.where(known.any(1), known.shape[1] - 1 - known[:, ::-1].argmax(1), 0)


def _summary(one: History) -> str:
    if one.diverged_at[0] != NEVER:
        return f"diverged at epoch {one.diverged_at[0]}"
    last = int(_last_known(one)[0])
    train, test, accuracy = (part[0, last] for part in (one.train_loss, one.test_loss, one.test_accuracy))
    right = f" · test accuracy {accuracy:.0%}" if np.isfinite(accuracy) else ""
    return f"epoch {last}: train {train:.3f} · test {test:.3f}{right}"


def _losses_in_words(one: History) -> str:
    train, test = one.train_loss[0], one.test_loss[0]
    if one.diverged_at[0] != NEVER:
        where = f"The run diverged at epoch {one.diverged_at[0]}"
        return f"{where}; its training loss was {number(train[0])} at first."
    last = int(_last_known(one)[0])
    went = "falls" if train[last] < train[0] else "rises"
    return (
        f"Training loss {went} {_from_to(train[0], train[last])}, "
        f"test loss {_from_to(test[0], test[last])}, in {last} epochs."
    )


def _rates(one: History) -> str:
    known = one.lr[0][np.isfinite(one.lr[0])]
    return _from_to(known[0], known[-1]) if known.size else ""


def _from_to(first: float, last: float) -> str:
    return f"from {number(first)} to {number(last)}"
