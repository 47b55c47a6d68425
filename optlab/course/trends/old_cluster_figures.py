"""Two workers: local SGD's loss and bytes, and where splitting a batch pays."""

from __future__ import annotations

from typing import Any

import numpy as np

from optlab.course.common.halves import EPOCHS
from optlab.course.common.old_measured import Bars, Here, Sheet, Stroke
from optlab.course.common.old_panel import BLUE, GREEN, ORANGE, number
from optlab.course.trends.data_parallel import BATCHES as SIZES
from optlab.course.trends.data_parallel import WIDTHS, StepTimes
from optlab.course.trends.local_sgd import EVERY, RATES, SPLITS, LocalRuns

__all__ = ["local_loss", "loss_over_bytes", "speedup_curves", "step_bars"]


def row_of(every: int, lr: float, split: str) -> int:
    """Where a setting of local SGD stands in the table."""
    return (SPLITS.index(split) * len(RATES) + RATES.index(lr)) * len(EVERY) + EVERY.index(every)


def _setting(runs: LocalRuns, row: int) -> tuple[int, float, str]:
    columns = runs.settings
    return int(columns["every"][row]), float(columns["lr"][row]), str(columns["split"][row])


def local_loss(table: LocalRuns) -> Sheet:
    """Training loss over the epochs: a mean every H steps, after every step, and only once at the end."""

    def read(runs: LocalRuns, row: int) -> Here:
        every, lr, split = _setting(runs, row)
        least, most = (table.loss[row_of(h, lr, split)] for h in (EVERY[0], EVERY[-1]))
        end = runs.loss[row, -1]
        first = f"H = {every}: loss {number(end)}, test accuracy {runs.accuracy[row, -1]:.0%}"
        second = f"{number(end / least[-1])} × the loss of H = 1; {split}"
        return Here(np.stack([most, runs.loss[row], least]), np.nan, np.nan, f"{first}\n{second}")

    strokes = [
        Stroke("H = 200, one mean", ORANGE, ":", width=2),
        Stroke("this H", "black", "-", width=3),
        Stroke("H = 1", BLUE, "--", width=1.6),
    ]
    axes: dict[str, Any] = {
        "xlabel": "epoch",
        "ylabel": "training loss",
        "yscale": "log",
        "xlim": (0, EPOCHS),
    }
    return Sheet(range(EPOCHS + 1), strokes, read, film=True, ylim=(0.02, 4), legend="upper right", **axes)


def loss_over_bytes(table: LocalRuns) -> Sheet:
    """The loss in the end against the bytes that a worker sent, for both ways to share the flowers out."""
    sent = [int(table.sent[row_of(h, RATES[0], SPLITS[0])]) / 1e3 for h in EVERY]

    def read(runs: LocalRuns, row: int) -> Here:
        every, lr, _ = _setting(runs, row)
        curves = [[table.loss[row_of(h, lr, s), -1] for h in EVERY] for s in SPLITS]
        kb = runs.sent[row] / 1e3
        saved = f"H = {every}: {number(kb)} kB sent by each worker"
        share = "all there is to send" if every == 1 else f"{every} times less than with H = 1"
        return Here(np.array(curves), kb, float(runs.loss[row, -1]), f"{saved}\n{share}")

    strokes = [Stroke("mixed", BLUE, "-", "o"), Stroke("one species each", ORANGE, "--", "s")]
    axes: dict[str, Any] = {"xlabel": "kB sent by each worker", "ylabel": "training loss in the end"}
    scales: dict[str, Any] = {"xscale": "log", "yscale": "log", "xlim": (0.6, 300), "ylim": (0.02, 0.5)}
    sheet = Sheet(sent, strokes, read, legend="upper right", **axes, **scales)
    sheet.figure.axes[0].set_yticks([0.02, 0.05, 0.1, 0.2, 0.5], ["0.02", "0.05", "0.1", "0.2", "0.5"])
    sheet.figure.axes[0].set_yticks([], minor=True)
    return sheet


def step_bars(limits: tuple[float, float]) -> Bars:
    """How long a step takes one worker and two, and what two spend it on."""

    def read(times: StepTimes, row: int) -> tuple[list[float], list[str], str]:
        alone, half, mean = 1e3 * times.seconds[row]
        values = [alone, half + mean, half, mean]
        faster = alone / (half + mean)
        verdict = (
            f"two are {faster:.2g} times as fast" if faster > 1 else f"two are {1 / faster:.2g} times slower"
        )
        width, batch = (int(times.settings[name][row]) for name in ("width", "batch"))
        text = f"{width} hidden units, batch of {batch}\n{verdict}"
        return values, [f"{value:.3g} ms" for value in values], text

    names = ["one worker", "two workers", "… their halves", "… the mean"]
    return Bars(names, limits, "milliseconds a step", read)


def speedup_curves(known: StepTimes) -> Sheet:
    """How many times as fast two workers are, over the batch size, for each width."""
    speedup = known.speedup.reshape(len(WIDTHS), len(SIZES))
    curves = np.vstack([np.ones(len(SIZES)), speedup])

    def read(times: StepTimes, row: int) -> Here:
        width, batch = (int(times.settings[name][row]) for name in ("width", "batch"))
        faster = float(speedup[WIDTHS.index(width), SIZES.index(batch)])
        least, most = speedup.min(), speedup.max()
        text = f"above 1, two workers pay\nat best {most:.2g} times as fast, at worst {least:.2g}"
        return Here(curves, float(batch), faster, text)

    looks = zip(WIDTHS, (BLUE, ORANGE, GREEN), ("-", "--", "-."), ("o", "s", "^"), strict=True)
    strokes = [Stroke("_even", "black", ":", width=1.2)]
    strokes += [Stroke(f"{w} hidden units", color, style, marker) for w, color, style, marker in looks]
    axes: dict[str, Any] = {
        "xlabel": "batch size",
        "ylabel": "times as fast as one",
        "xscale": "log",
        "yscale": "log",
    }
    sheet = Sheet(SIZES, strokes, read, legend="upper left", xlim=(12, 1400), ylim=(0.1, 4), **axes)
    ax = sheet.figure.axes[0]
    ax.set_xticks(SIZES, [str(size) for size in SIZES])
    ax.set_xticks([], minor=True)
    ax.set_yticks([0.1, 0.2, 0.5, 1, 2, 4], ["0.1", "0.2", "0.5", "1", "2", "4"])
    ax.set_yticks([], minor=True)
    return sheet
