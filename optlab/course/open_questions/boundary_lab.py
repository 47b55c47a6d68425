"""Lab: where training stops to work."""

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from optlab import Film, Goal, Param, Plot, Table
from optlab.course.common.goal_lines import goal_lines
from optlab.course.common.in_words import ends_in_words
from optlab.course.common.making import Parts, course_lab
from optlab.course.open_questions.boundary import FACTOR, LEVELS, Zooms, threshold, zoom_runs
from optlab.course.open_questions.boundary_networks import NETWORKS, PARABOLA, SMALLEST, STEPS
from optlab.live.goals import AtLeast
from optlab.live.plots import BLUE, ORANGE, number

NETWORK = Param("network", "", "network", tuple(NETWORKS), SMALLEST)
ZOOM = Param("zoom", "", "zoom", tuple(FACTOR**level for level in range(LEVELS)), 1, unit="×")

SQUARE = (4.6, 4.6)
"""Width and height of the first two figures, in inches."""

SHOWN = 60
"""How many of the steps the losses are shown for."""

PALEST = 0.25
"""Colours from here to 1 and to -1: the paler, the sooner a run's fate is clear."""

SHADES = 128
"""How many shades a picture has for either fate; more would only be more to send."""

FATES = LinearSegmentedColormap.from_list(
    "fates",
    [
        (0, "#2c2a6b"),
        (0.13, "#2b6fb5"),
        (0.27, "#63bfb0"),
        ((1 - PALEST) / 2, "#e6f4c8"),
        ((1 + PALEST) / 2, "#fde7a0"),
        (0.73, "#f79d4f"),
        (0.87, "#d1382f"),
        (1, "#6d0422"),
    ],
)
"""Blue where training works, red where it blows up; dark where that takes long."""

SMOOTH = 1.05
GOALS = (
    Goal(
        "two rates less than 0.000001 apart, and one training works, the other blows up within 60 steps",
        lambda run: _apart(run) < 1e-6 and run.part[0] < SHOWN,
    ),
    Goal(
        "zoom of at least 1024 ×: a boundary that is smooth, of a dimension under 1.05",
        lambda run: run.dimension[0] < SMOOTH,
        where={"zoom": AtLeast(1024)},
    ),
)


@course_lab
def boundary_lab(record: Zooms | None = None) -> Parts:
    """For every pair of rates, one a layer: does a tiny network train, or blow up? And closer, and closer.

    Args:
        record: from `optlab.course.open_questions.boundary.zoom_runs`; run now if left out.

    Source:
        J. Sohl-Dickstein, "The boundary of neural network trainability is fractal", 2024.
    """
    runs = record or zoom_runs()

    def pixel(setting: dict[str, Any]) -> dict[str, float]:
        lr1, lr2 = runs.select(**setting).rates[0, 0]
        return {"lr1": lr1, "lr2": lr2}

    plots = [fates_map(runs.speed.shape[1:]), losses(), dimensions(runs.levels)]
    return Parts((NETWORK, ZOOM), Table(runs), plots, GOALS, also=pixel)


def _apart(run: Zooms) -> float:
    """By how much the rates of the two neighbours differ."""
    return float(np.abs(run.rates[0, 0] - run.rates[0, 1]).max())


def fates_map(shape: tuple[int, ...]) -> Plot:
    """The picture: a training for every pixel, and what the next zoom shows."""
    plot = Plot(size=SQUARE, xlim=(0, 1), ylim=(0, 1), xticks=[], yticks=[])
    plot.figure.subplots_adjust(left=0.11, right=0.97, top=0.9, bottom=0.1)
    plot.ax.set_xlabel("rate of the first layer α₁", labelpad=12)
    plot.ax.set_ylabel("rate of the last layer α₂", labelpad=12)
    look: dict[str, Any] = {"extent": (0, 1, 0, 1), "origin": "lower", "cmap": FATES, "vmin": -1, "vmax": 1}
    rows, columns = shape
    plot.image(_colors, (rows, columns), **look)
    theory: dict[str, Any] = {"x": np.linspace(0, 1, 101), "role": "theory", "film": None, "zorder": 3}
    plot.line("2/curvature", _theory, "white", "--", width=1.5, named=False, **theory)
    square: dict[str, Any] = {"points": 5, "role": "plain", "film": None, "zorder": 4}
    plot.path("next zoom", _square, "white", width=3.5, **square)
    plot.path("next zoom, inside", _square, "black", width=1.5, **square)
    plot.here(_neighbours, size=8)
    _corners(plot)
    dashed: dict[str, Any] = {"ha": "right", "va": "top", "fontsize": 9}
    plot.text(_theory_in_words, 0.98, 0.98, **dashed)
    plot.title(_fates_in_words)
    plot.words(_window_in_words)
    plot.on_click(_closer_or_back)
    return plot


def _colors(run: Zooms) -> np.ndarray:
    """Each run's place among those of its fate, from `PALEST` for the quickest to 1; below 0: it works."""
    return np.array([_ranked(speed.ravel()).reshape(speed.shape) for speed in run.speed])


def _ranked(speed: np.ndarray) -> np.ndarray:
    size = np.abs(speed)
    places = np.empty(len(speed))
    for fate in (speed < 0, speed >= 0):
        order = np.sort(size[fate])
        places[fate] = np.interp(size[fate], order, np.linspace(PALEST, 1, len(order))) if len(order) else 0
    return np.sign(speed) * np.round(places * SHADES) / SHADES


def _inside(run: Zooms, rates: np.ndarray) -> np.ndarray:
    """Where some rates, `(settings, points, 2)`, lie in the picture, in fractions of its sides."""
    left, right, bottom, top = (side[:, None] for side in run.window.T)
    return np.stack(
        [(rates[..., 0] - left) / (right - left), (rates[..., 1] - bottom) / (top - bottom)], axis=-1
    )


def _theory(run: Zooms) -> np.ndarray:
    """The boundary that theory gives to the parabola, as far as it is in the picture."""
    left, right, bottom, top = (side[:, None] for side in run.window.T)
    up = (threshold(left + np.linspace(0, 1, 101) * (right - left)) - bottom) / (top - bottom)
    there = (run.settings["network"] == PARABOLA)[:, None] & (up >= 0) & (up <= 1)
    return np.where(there, up, np.nan)


def _theory_in_words(one: Zooms) -> str:
    return "dashed: 2/curvature" if np.isfinite(_theory(one)).any() else ""


def _closer_or_back(one: Zooms, x: float, y: float) -> dict[str, int]:
    """Where a click leads: into the square to the next zoom, beside it to the one before."""
    (left, bottom), (right, top) = _square(one)[0, [0, 2]]
    inside = left <= x <= right and bottom <= y <= top
    zoom = int(one.settings["zoom"][0])
    zoom = zoom * FACTOR if inside else zoom // FACTOR
    return {"zoom": zoom} if zoom else {}


def _square(run: Zooms) -> np.ndarray:
    """The outline of the next zoom; none at the last."""
    left, right, bottom, top = run.inner.T
    x, y = [left, right, right, left, left], [bottom, bottom, top, top, bottom]
    line = _inside(run, np.stack([np.transpose(x), np.transpose(y)], axis=-1))
    return np.where((run.settings["zoom"] < run.levels[-1])[:, None, None], line, np.nan)


def _neighbours(run: Zooms) -> tuple[np.ndarray, np.ndarray]:
    """Where the two trainings of the second figure are: at this size, one dot."""
    x, y = _inside(run, run.rates).mean(axis=1).T
    return x, y


def _corners(plot: Plot) -> None:
    """The rates at the ends of both axes."""
    look: dict[str, Any] = {"transform": plot.ax.transAxes, "fontsize": 8.5}
    plot.text(_rate(0), 0, -0.015, ha="left", va="top", **look)
    plot.text(_rate(1), 1, -0.015, ha="right", va="top", **look)
    upright: dict[str, Any] = {"va": "bottom", "rotation": 90, "rotation_mode": "anchor"}
    plot.text(_rate(2), -0.015, 0, ha="left", **upright, **look)
    plot.text(_rate(3), -0.015, 1, ha="right", **upright, **look)


def _rate(side: int) -> Callable[[Zooms], str]:
    """One end of an axis in words, with as many digits as tell it from the other end."""

    def words(one: Zooms) -> str:
        window = one.window[0]
        width = window[1] - window[0] if side < 2 else window[3] - window[2]
        return f"{window[side]:.{max(0, 2 - int(np.floor(np.log10(width))))}f}"

    return words


def _fates_in_words(one: Zooms) -> str:
    works = (one.speed[0] < 0).mean()
    last = one.settings["zoom"][0] == one.levels[-1]
    click = "click: back" if last else "click into □: closer"
    return (
        f"{one.speed[0].size:,} trainings: {works:.0%} work (blue), the others blow up\n"
        f"slow at the boundary · {click} · ● two neighbours"
    )


def _window_in_words(one: Zooms) -> str:
    left, right, bottom, top = (_rate(side)(one) for side in range(4))
    return (
        f"Of {one.speed[0].size:,} trainings {(one.speed[0] < 0).mean():.0%} work, the others blow up. "
        f"Rates of the first layer from {left} to {right}, of the last layer from {bottom} to {top}."
    )


def losses() -> Plot:
    """The losses of two neighbouring pixels, one on either side of the boundary."""
    axes: dict[str, Any] = {
        "ylabel": "training loss",
        "yscale": "log",
        "ylim": (1e-3, 1e4),
        "xlim": (0, SHOWN - 1),
    }
    plot = Plot(size=SQUARE, film=Film("step"), legend=True, xlabel="step", **axes)
    plot.figure.subplots_adjust(top=0.9, bottom=0.12)
    x = np.arange(SHOWN)
    plot.line("works", lambda run: run.losses[:, 0, :SHOWN], BLUE, x=x)
    plot.line("its neighbour", lambda run: run.losses[:, 1, :SHOWN], ORANGE, "--", x=x)
    plot.title(_parting_in_words)
    ends_in_words(plot)
    return plot


def _parting_in_words(one: Zooms) -> str:
    part = f"part at step {one.part[0]}" if one.part[0] < STEPS else f"never part in {STEPS} steps"
    return f"two neighbours: their rates differ by {number(_apart(one))};\ntheir losses {part}"


def dimensions(levels: np.ndarray) -> Plot:
    """The boundary's dimension at every zoom."""
    axes: dict[str, Any] = {"xlabel": "zoom", "xscale": "log", "ylabel": "dimension", "ylim": (0.9, 2.02)}
    plot = Plot(legend=True, **axes)
    goal_lines(plot, SMOOTH)
    plot.line("the boundary here", lambda run: run.dimensions, x=levels, marker="o", markersize=4)
    plot.line("a smooth line", np.ones(len(levels)), ORANGE, "--", x=levels, role="theory")
    plot.steers(x="zoom")
    plot.here(lambda run: (run.settings["zoom"], run.dimension))
    plot.title(
        lambda one: (
            f"dimension of the boundary: {one.dimension[0]:.2f}\n(a smooth line has 1, the whole plane 2)"
        )
    )
    ends_in_words(plot)
    return plot
