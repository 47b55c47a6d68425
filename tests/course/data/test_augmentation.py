"""Moved digits against slices of the image."""

import numpy as np
import pytest
import torch
from printed_programs import printed, program_of

from optlab.course.data.augmentation import Augmented, augmented, moved
from optlab.course.data.exercise import BEST_MOVE
from optlab.engine.data.digits import digits


def test_images_are_moved_like_slices():
    image = digits().x_test[:5].view(5, 8, 8)
    right = moved(digits().x_test[:5], torch.tensor([[1.0, 0.0]] * 5)).view(5, 8, 8)
    torch.testing.assert_close(right[:, :, 1:], image[:, :, :-1])
    assert torch.allclose(right[:, :, 0], torch.tensor(-0.5))
    down = moved(digits().x_test[:5], torch.tensor([[0.0, 0.5]] * 5)).view(5, 8, 8)
    torch.testing.assert_close(down[:, 1:], (image[:, 1:] + image[:, :-1]) / 2)


def test_the_accuracy_is_that_at_the_move_on_the_slider():
    over_moves = np.arange(14.0).reshape(2, 7)
    assert Augmented({"move": np.array([0.25, 2.0])}, over_moves).accuracy.tolist() == [1.0, 13.0]


@pytest.mark.usefixtures("on_one_thread")
@pytest.mark.parametrize("setting", [(50, 1.5, 0.5), (200, 0.0, 0.0)])
def test_the_program_prints_the_labs_accuracy(setting):
    """To a few of 3 × 599 digits that rounding may put on the other side of a line."""
    setting = dict(zip(("samples", "move", "test_move"), setting, strict=True))
    shown = augmented({name: np.array([value]) for name, value in setting.items()}).accuracy
    assert printed(program_of("augmentation_lab")(setting), "test accuracy") == pytest.approx(
        shown, abs=0.003
    )


@pytest.mark.parametrize("moved_ones", [0, 3, 6, 10])
def test_the_best_move_is_right_about_most_of_ten_digits(moved_ones):
    accuracy = torch.tensor([[0.93, 0.58], [0.90, 0.74], [0.75, 0.76]])
    right = [sum([row[0]] * (10 - moved_ones) + [row[1]] * moved_ones) for row in accuracy.tolist()]
    assert BEST_MOVE.truth(accuracy, moved_ones / 10) == right.index(max(right))
