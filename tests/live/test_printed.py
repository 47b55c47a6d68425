"""What a program prints as numbers with names."""

import pytest

from optlab.live.printed import read


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "epoch 12  training loss 0.21  test loss 1.9e-05",
            {"epoch": 12, "training loss": 0.21, "test loss": 1.9e-5},
        ),
        ("   age  weight -0.0587", {"weight": -0.0587}),
        ("loss inf", {"loss": float("inf")}),
        ("networks averaged, k 3", {"networks averaged, k": 3}),
        ("loss: 0.5", {"loss:": 0.5}),
        ("epoch 3 loss 0.5", {"epoch 3 loss": 0.5}),  # one space is part of a name
    ],
)
def test_a_line_is_pairs_that_two_spaces_part(line, expected):
    assert read(line) == [expected]


@pytest.mark.parametrize(
    "line", ["", "   ", "0.5", "not at 0.000001 yet", "Traceback (most recent call last):"]
)
def test_a_line_without_a_named_number_is_for_the_reader(line):
    assert read(f"{line}\nloss 1\n{line}") == [{"loss": 1.0}]
