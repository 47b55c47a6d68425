"""Moved digits against slices of the image."""

import numpy as np
import torch

from optlab.course.background.augmentation import Augmented, moved
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
