"""Images go through a network in parts that fit: the parts change no number."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from optlab import from_arrays, grid, train
from optlab.engine.training import room

IMAGES = from_arrays(
    torch.rand(60, 1, 4, 4, generator=torch.Generator().manual_seed(0)), [0, 1, 2] * 20, standardize=False
)


def cnn():
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(1, 3, 3), nn.ReLU(), nn.Flatten(), nn.Linear(12, 3))


@given(st.integers(1, 40), st.integers(1, 200), st.integers(1, 100), st.integers(1, 9))
def test_parts_fit_and_leave_nothing_out(settings, samples, batch_size, side):
    x = torch.arange(samples)[:, None, None].expand(-1, side, side)
    measured = room.split_samples(x, settings)
    assert torch.equal(torch.cat(measured), x)
    runs = room.settings_at_once(np.arange(settings), x, batch_size)
    assert np.concatenate(runs).tolist() == list(range(settings))
    for inputs in (
        *(part.numel() * settings for part in measured),
        *(len(r) * batch_size * side**2 for r in runs),
    ):
        assert inputs <= max(room.ROOM, side**2 * max(settings, batch_size))


def test_tables_stay_whole():
    x = torch.zeros(10**6, 4)
    assert len(room.split_samples(x, 1000)) == len(room.settings_at_once(np.arange(1000), x, 80)) == 1


@pytest.mark.parametrize("fits", [1, 300, 5000])
def test_the_parts_change_no_number(monkeypatch, fits):
    settings = grid(lr=[0.05, 0.1, 0.2], batch_size=[16, 48], l2=[0, 0.01])
    whole = train(IMAGES, model=cnn(), epochs=3, **settings)
    monkeypatch.setattr(room, "ROOM", fits)
    parts = train(IMAGES, model=cnn(), epochs=3, **settings)
    np.testing.assert_allclose(parts.test_loss, whole.test_loss, rtol=1e-5)
    np.testing.assert_allclose(parts.train_loss, whole.train_loss, rtol=1e-5)
    assert parts.settings["lr"].tolist() == whole.settings["lr"].tolist()
    for name, weight in whole.weights.items():
        np.testing.assert_allclose(parts.weights[name], weight, rtol=1e-4, atol=1e-5)
