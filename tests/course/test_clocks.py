"""*Run All* goes on where a clock is disturbed: what a cell asserts of measured times has room for it."""

import ast
from pathlib import Path
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest

FOLDER = Path(__file__).parents[2] / "notebooks"


def measured(**values):
    return SimpleNamespace(**{name: np.array([value]) for name, value in values.items()})


SLOWED = 5.0
"""Of two times that are compared, the one that should be shorter was disturbed so much."""
CLOCKS = {
    ("01_1_algorithms_and_networks", "142b1a93"): {
        "more_numbers": 42_634 / 172,
        "large": measured(parameters=42_634, seconds=648e-6 * SLOWED, accuracy=0.97),
        "small": measured(parameters=172, seconds=84e-6),
        "wide": measured(accuracy=0.968),
    },
    ("01_1_algorithms_and_networks", "7ab0aa31"): {
        "zeros": np.full(5, 0.97 / SLOWED),
        "fewer": np.array([0.5, 0.1]),
    },
    ("01_3_hardware_and_software", "03ceffbb"): {
        "small": measured(fraction=0.0004, speed=1),
        "many": measured(speed=6.7),  # on one core beside other programs; on an idle one 90
    },
    ("01_3_hardware_and_software", "231d6ab8"): {"two": SimpleNamespace(start=7.2, together=0.02 * SLOWED)},
    ("01_3_hardware_and_software", "d0aa121c"): {
        "seconds": {"loop": np.array([0.363]), "together": np.array([0.016 * SLOWED])},
        "k": 0,
    },
    ("01_3_hardware_and_software", "bff17b55"): {
        "compiled": SimpleNamespace(
            difference=0.0, first=5.3, eager=SimpleNamespace(best=0.005 * SLOWED), why_not=""
        )
    },
    ("03_2_batch_gradient_descent", "why-4b"): {"one": 1e-4, "all_samples": 1e-4 * SLOWED**2},
    ("05_3_distributed_training", "trends-79"): {"smallest": 0.34 * SLOWED, "largest": 2.49 / SLOWED},
}


@pytest.mark.parametrize(("name", "cell"), CLOCKS)
def test_a_cell_that_times_something_does_not_stop_when_its_clock_was_disturbed(name, cell):
    notebook = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    (source,) = [one.source for one in notebook.cells if one.id == cell]
    asserts = [line for line in ast.walk(ast.parse(source)) if isinstance(line, ast.Assert)]
    for line in asserts:
        assert eval(compile(ast.Expression(line.test), cell, "eval"), {"np": np, **CLOCKS[name, cell]})
