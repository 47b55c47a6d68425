"""The lab of question 4: a trained network made smaller, its accuracy, its size and its speed."""

from functools import partial
from typing import Any

import numpy as np

from optlab import Goal, Param, Plot, Table
from optlab.course.common.goal_lines import goal_lines
from optlab.course.common.making import Parts, course_lab
from optlab.course.faq.deploy import BITS, FRACTIONS, KINDS, Deployments, deployments
from optlab.live.plots import BLUE, GREY, bars

KIND = Param("kind", "", "remove", tuple(KINDS), next(iter(KINDS)))
FRACTION = Param("fraction", "", "fraction removed", FRACTIONS, 0.0)
BIT = Param("bits", "b", "bits per weight", BITS, 8)

GOALS = (
    Goal(
        "96 % accuracy with a tenth of the bytes",
        lambda run: run.relative("bytes")[0] <= 0.1 and run.accuracy[0] >= 0.96,
    ),
    Goal(
        "b = 32: 96 % accuracy in half the time",
        lambda run: run.relative("batch_seconds")[0] <= 0.5 and run.accuracy[0] >= 0.96,
        where={"bits": 32},
    ),
)


@course_lab
def deploy_lab(table: Deployments | None = None) -> Parts:
    """One trained network, pruned and rounded: its accuracy, its size, and the time it takes.

    Args:
        table: what was measured, from `deployments`; measured now if left out.

    Source:
        The article, section 6, question 4.
    """
    table = deployments() if table is None else table
    return Parts((KIND, FRACTION, BIT), Table(table), [accuracy_plot(table), costs_plot()], GOALS)


def accuracy_plot(table: Deployments) -> Plot:
    """The accuracy over the fraction removed, for the bits on the slider; both kinds."""
    axes: dict[str, Any] = {"xlabel": "fraction removed", "ylabel": "test accuracy"}
    plot = Plot(legend=True, xlim=(-0.03, 1), ylim=(0.3, 1.02), **axes)
    goal_lines(plot, 0.96)
    plot.ax.axhline(table.trained["accuracy"], color=GREY, linestyle=":", linewidth=1.2)
    for kind, color, style, marker in zip(KINDS, ("black", BLUE), ("-", "--"), "os", strict=True):
        plot.line(
            kind, partial(_curves, table, kind), color, style, x=FRACTIONS, marker=marker, markersize=4.5
        )
    plot.steers(x="fraction")
    plot.here(lambda run: (run.settings["fraction"], run.accuracy), named=True)
    plot.title(lambda one: "\n".join(_in_words(one)))
    plot.words(lambda one: "With {}: {}.".format(*_in_words(one)))
    return plot


def _curves(table: Deployments, kind: str, run: Deployments) -> np.ndarray:
    return np.stack([table.select(kind=kind, bits=int(bits)).accuracy for bits in run.settings["bits"]])


def _in_words(one: Deployments) -> tuple[str, str]:
    kind, fraction, bits = one.setting(0).values()
    return (
        f"{bits} bits, {fraction:.0%} of the {kind.split()[1]} removed",
        f"test accuracy {one.accuracy[0]:.1%}; as trained {one.trained['accuracy']:.1%}",
    )


def costs_plot() -> Plot:
    """Bytes and times, as multiples of those of the network as trained."""
    parts = ("bytes", "batch_seconds", "one_seconds")
    return bars(
        ("bytes", "450 at once", "1 image"),
        lambda run: np.stack([run.relative(part) for part in parts], axis=-1),
        _amounts,
        _headline,
        limits=(3e-4, 5),
        base=1,
        xlabel="times what the trained network needs",
    )


def _amounts(one: Deployments) -> list[str]:
    return [
        f"{one.bytes[0] / 1000:,.0f} kB",
        f"{1e3 * one.batch_seconds[0]:.2g} ms",
        f"{1e6 * one.one_seconds[0]:.0f} µs",
    ]


def _headline(one: Deployments) -> str:
    size, time = one.relative("bytes")[0], one.relative("batch_seconds")[0]
    return f"{size:.2g} × the bytes\n{time:.2g} × the time for 450 images"
