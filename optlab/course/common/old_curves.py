"""Curves over the epochs of a training: losses, and the learning rate."""

from __future__ import annotations

import numpy as np

from optlab.course.common.old_panel import BLUE, GREEN, GREY, ORANGE, Panel, clean_axes, number
from optlab.engine.training.history import NEVER, History

__all__ = ["LossCurves", "RateCurve"]


class LossCurves(Panel):
    """Training and test loss after every epoch.

    Args:
        epochs: how many epochs the axis holds.
        top: the largest loss on the axis; higher ones leave through the roof.
        chance: the loss of a model that knows nothing, drawn as a line to beat; None leaves it out.

    Example:
        >>> from optlab import iris_pair, train
        >>> panel = LossCurves(epochs=5)
        >>> panel.show(train(iris_pair(), epochs=5), row=0)
        'Training loss falls from 0.713 to 0.59, test loss from 0.696 to 0.57, in 5 epochs.'
    """

    def __init__(self, epochs: int, top: float = 1.2, chance: float | None = None) -> None:
        self.figure, ax = clean_axes()
        x = np.arange(epochs + 1)
        blank = np.full(epochs + 1, np.nan)
        if chance is not None:
            ax.axhline(chance, color=GREY, linewidth=0.8, linestyle=":")
            ax.annotate("chance", (epochs, chance), color=GREY, fontsize=8, ha="right", va="bottom")
        (self.train,) = ax.plot(x, blank, color=BLUE, linewidth=2, label="training loss")
        (self.test,) = ax.plot(x, blank, color=ORANGE, linewidth=2, linestyle="--", label="test loss")
        (self.end,) = ax.plot([np.nan], [np.nan], "X", color="black", markersize=9, label="_diverged")
        self.text = ax.text(0.02, 1.03, "", transform=ax.transAxes, fontsize=9)
        ax.set(xlabel="epoch", ylabel="loss", xlim=(0, epochs), ylim=(0, top))
        ax.legend(loc="upper right", frameon=False, fontsize=9)
        self.artists, self.fixed_x = (self.train, self.test, self.end, self.text), (self.train, self.test)
        self.grows = {self.train: 0, self.test: 0}
        self.top = top

    def show(self, result: History, row: int) -> str:
        """Draw one row; a run that diverged ends in a cross and says at which epoch."""
        train, test = result.train_loss[row], result.test_loss[row]
        self.train.set_ydata(train)
        self.test.set_ydata(test)
        diverged_at = int(result.diverged_at[row])
        known = np.flatnonzero(np.isfinite(train))
        last = int(known[-1]) if known.size else 0
        lost = diverged_at != NEVER
        self.end.set_data([last if lost else np.nan], [min(float(train[last]), self.top * 0.97)])
        accuracy = float(result.test_accuracy[row, last])
        self.text.set_text(
            f"diverged at epoch {diverged_at}" if lost else _summary(last, train, test, accuracy)
        )
        if lost:
            return (
                f"The run diverged at epoch {diverged_at}; its training loss was {number(train[0])} at first."
            )
        return (
            f"Training loss {_went(train[0], train[last])}, test loss {_from_to(test[0], test[last])}, "
            f"in {last} epochs."
        )


def _summary(epoch: int, train: np.ndarray, test: np.ndarray, accuracy: float) -> str:
    right = f" · test accuracy {accuracy:.0%}" if np.isfinite(accuracy) else ""
    return f"epoch {epoch}: train {train[epoch]:.3f} · test {test[epoch]:.3f}{right}"


def _from_to(first: float, last: float) -> str:
    return f"from {number(first)} to {number(last)}"


def _went(first: float, last: float) -> str:
    return f"{'falls' if last < first else 'rises'} {_from_to(first, last)}"


class RateCurve(Panel):
    """The learning rate in force in every epoch, on a log axis.

    Args:
        epochs: how many epochs the axis holds.
        low: the smallest rate on the axis.
        high: the largest.
    """

    def __init__(self, epochs: int, low: float, high: float) -> None:
        self.figure, ax = clean_axes()
        (self.rate,) = ax.plot(
            np.arange(1, epochs + 1), np.full(epochs, np.nan), color=GREEN, linewidth=2, label="learning rate"
        )
        self.text = ax.text(0.02, 1.03, "", transform=ax.transAxes, fontsize=9)
        ax.set(xlabel="epoch", ylabel="learning rate", xlim=(0, epochs), yscale="log", ylim=(low, high))
        self.artists, self.fixed_x, self.grows = (self.rate, self.text), (self.rate,), {self.rate: 1}

    def show(self, result: History, row: int) -> str:
        """Draw one row."""
        rate = result.lr[row]
        self.rate.set_ydata(rate)
        known = rate[np.isfinite(rate)]
        if not known.size:
            self.text.set_text("")
            return "No epoch has been trained yet."
        self.text.set_text(f"rate {_from_to(known[0], known[-1])}")
        return f"The learning rate goes {_from_to(known[0], known[-1])}."
