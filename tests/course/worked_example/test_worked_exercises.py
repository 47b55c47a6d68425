"""The exercises of 04 against PyTorch's cross-entropy, and against trainings whose fault is known."""

import pytest
import torch

import optlab
from optlab.course.exercises import EXERCISES


def test_the_cross_entropy_is_torchs():
    generator = torch.Generator().manual_seed(0)
    logits, labels = torch.randn(30, 3, generator=generator), torch.arange(30) % 3
    expected = torch.nn.functional.cross_entropy(logits, labels)
    assert float(EXERCISES["cross_entropy"].truth(logits, labels)) == pytest.approx(float(expected), abs=1e-6)


@pytest.mark.parametrize(
    ("setting", "word"),
    [
        ({"lr": 3.2, "l2": 1.0}, "diverges"),
        ({"lr": 0.001}, "hardly learns"),
        ({"lr": 1.0}, "overfits"),
        ({"lr": 0.032}, "fine"),
    ],
    ids=str,
)
def test_a_training_gets_the_diagnosis_that_its_setting_deserves(setting, word):
    runs = optlab.train(optlab.iris_pair(), **setting, seed=range(5))
    for train, test in zip(runs.train_loss, runs.test_loss, strict=True):
        assert EXERCISES["diagnose"].truth(train.tolist(), test.tolist()) == word
