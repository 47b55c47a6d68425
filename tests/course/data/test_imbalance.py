"""Rare eights: weights and recalls against scikit-learn's."""

import numpy as np
import pytest
import torch
from printed_programs import named, program_of
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import recall_score
from sklearn.utils.class_weight import compute_class_weight

from optlab.course.data.exercise import BALANCED_WEIGHTS
from optlab.course.data.imbalance import (
    EIGHTS,
    OTHERS,
    REMEDIES,
    class_weights,
    fit,
    recalls,
    screen,
    screened,
    weights_for,
)
from optlab.engine.data.digits import digits
from optlab.params import grid

ONE_EIGHT = 1.01 / (58 * 4)
"""What one of 58 test eights and one of 4 seeds adds to a recall: rounding may move it across the line."""

pytestmark = pytest.mark.usefixtures("on_one_thread")


def test_class_weights_are_scikit_learns():
    labels = torch.tensor([2, 0, 1, 1, 2, 2, 2])
    theirs = compute_class_weight("balanced", classes=np.arange(3), y=labels.numpy())
    np.testing.assert_allclose(class_weights(labels), theirs, rtol=1e-6)
    np.testing.assert_allclose(BALANCED_WEIGHTS.truth(labels, 3), theirs, rtol=1e-6)


def test_remedies_give_both_classes_half_of_the_say():
    eight = digits().y_train == 8
    assert (int(eight.sum()), int((~eight).sum())) == (EIGHTS, OTHERS)
    for remedy in REMEDIES:
        weights = weights_for(4, remedy, seed=1)
        share = 4 / (4 + OTHERS) if remedy == "none" else 0.5
        assert float(weights[eight].sum()) == pytest.approx(share, rel=1e-4)
        assert float(weights.sum()) == pytest.approx(1.0, rel=1e-4)
    with pytest.raises(ValueError, match="remedy='prayer': expected one of none"):
        weights_for(4, "prayer")


def test_the_recalls_are_scikit_learns():
    settings = grid(count=[16], remedy=REMEDIES, steps=[400])
    shown = screen(settings)
    eight = (digits().y_test == 8).numpy()
    ones = torch.ones(len(eight), 1)
    for row, remedy in enumerate(REMEDIES):
        theta = fit(torch.stack([weights_for(16, remedy, seed) for seed in range(4)]), steps=400)
        called = (theta @ torch.cat([digits().x_test, ones], dim=1).T > 0).numpy()
        recalls = [recall_score(eight, c, average=None) for c in called]
        spared, found = np.mean(recalls, axis=0)
        assert (shown.found[row], shown.spared[row]) == pytest.approx((found, spared), abs=ONE_EIGHT)
        rare = 16 / (16 + OTHERS)
        assert shown.accuracy[row] == pytest.approx(rare * found + (1 - rare) * spared, abs=ONE_EIGHT)


def test_more_steps_go_on_from_fewer():
    weights = weights_for(16, "none")[None]
    torch.testing.assert_close(fit(weights, 30, fit(weights, 20)), fit(weights, 50), rtol=1e-4, atol=1e-6)


def test_patience_finds_eights_where_a_few_steps_find_none():
    """Rarity slows the descent down: scikit-learn, which solves the same problem to its end, finds half."""
    weights = torch.stack([weights_for(16, "none", seed) for seed in range(4)])
    early, late = fit(weights, 200), fit(weights, 2000)
    assert recalls(early)[0].max() < 0.05
    assert recalls(late)[0].min() > 0.2
    x, y, there = digits().x_train.numpy(), (digits().y_train == 8).numpy(), weights.numpy() > 0
    ends = [LogisticRegression(C=1e4, max_iter=5000).fit(x[rows], y[rows]) for rows in there]
    eights = digits().x_test[digits().y_test == 8].numpy()
    assert 0.4 < np.mean([end.predict(eights).mean() for end in ends]) < 0.65


@pytest.mark.parametrize("remedy", REMEDIES)
def test_the_program_prints_both_recalls(remedy):
    """To one test eight for each of two seeds."""
    setting = {"count": 8, "remedy": remedy, "steps": 400}
    shown = screened(400).select(count=8, remedy=remedy)
    found = named(program_of("imbalance_lab")(setting))
    assert found == pytest.approx(
        {"eights found": shown.found[0], "others left alone": shown.spared[0], "accuracy": shown.accuracy[0]},
        abs=2 * ONE_EIGHT,
    )
