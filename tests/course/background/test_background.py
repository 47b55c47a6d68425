"""The experiments of section 1 against PyTorch's and scikit-learn's own tools, and against plain loops."""

import copy

import numpy as np
import pytest
import torch
from sklearn.metrics import recall_score
from sklearn.utils.class_weight import compute_class_weight
from torch import nn
from torch.nn.utils import prune
from torch.optim.swa_utils import AveragedModel

from optlab import train
from optlab.course.background.augmentation import Augmented, moved
from optlab.course.background.imbalance import (
    EIGHTS,
    OTHERS,
    REMEDIES,
    class_weights,
    fit,
    screened,
    weights_for,
)
from optlab.course.background.merging import MEMBERS, PLACES, TOGETHER, family, merged
from optlab.course.background.preprocessing import GOAL, PREPARATIONS, TIMES, UNITS, bowls, design, steps_to
from optlab.course.background.pruning import AMOUNTS, PIXELS, WIDTH, accuracy_of, original, pruned
from optlab.course.background.shape import DEPTHS, WIDTHS, shapes
from optlab.course.exercises import EXERCISES
from optlab.engine.data.digits import digits, least_times, network_of, theta_of
from optlab.engine.models.mlp import MLP
from optlab.engine.systems.threads import threads
from optlab.params import grid


@pytest.fixture(autouse=True)
def alone():
    with threads(1):
        yield


# ---------------------------------------------------------------- digits


def test_a_network_made_of_a_history_gives_the_historys_accuracy():
    history = train(digits(), model=MLP((64, 9, 5, 10)), epochs=2, lr=[0.1, 1.0], batch_size=64)
    for row in (0, 1):
        assert accuracy_of(network_of(history, row)) == pytest.approx(history.test_accuracy[row, -1])
    outputs = MLP((64, 9, 5, 10))(theta_of(history), digits().x_test[None])
    torch.testing.assert_close(network_of(history, 1)(digits().x_test), outputs[1])


def test_times_are_taken_on_one_thread_and_the_setting_is_put_back():
    seen = []

    class Spy(nn.Module):
        def forward(self, x):
            seen.append(torch.get_num_threads())
            return x

    torch.set_num_threads(2)
    least_times({"spy": Spy()}, torch.zeros(1), rounds=3)
    assert (seen, torch.get_num_threads()) == ([1, 1, 1], 2)
    with pytest.raises(ValueError, match="rounds=0: expected a whole number of at least 1"):
        least_times({}, torch.zeros(1), rounds=0)


# ---------------------------------------------------------------- network structure


def test_the_shapes_have_the_parameters_that_arithmetic_says():
    known = shapes()
    assert len(known) == len(WIDTHS) * len(DEPTHS)
    w, d = known.settings["width"], known.settings["depth"]
    assert known.parameters.tolist() == (65 * w + (d - 1) * (w + 1) * w + 10 * (w + 1)).tolist()


@pytest.mark.parametrize("amount", [0.3, 0.9])
def test_the_pruned_networks_are_those_of_torch_prune(amount):
    theirs = copy.deepcopy(original())
    linear = [layer for layer in theirs if isinstance(layer, nn.Linear)]
    prune.global_unstructured([(layer, "weight") for layer in linear], prune.L1Unstructured, amount=amount)
    ours = pruned().of("smallest weights").select(AMOUNTS.index(amount))
    assert ours.accuracy[0] == pytest.approx(accuracy_of(theirs))
    left = sum(int(layer.weight.count_nonzero()) + int(layer.bias.count_nonzero()) for layer in linear)
    assert ours.parameters[0] == left
    assert ours.picture[0].mean() == pytest.approx(float(linear[1].weight_mask.mean()))


def test_the_picture_of_a_smaller_matrix_is_smaller():
    fewer = pruned().of("smallest neurons")
    for amount, picture in zip(AMOUNTS, fewer.picture, strict=True):
        side = WIDTH - round(amount * WIDTH)
        assert np.isfinite(picture).sum() == int(np.ceil(side / (WIDTH // PIXELS))) ** 2


@pytest.mark.parametrize("together", TOGETHER)
def test_the_mean_of_k_networks_is_that_of_swa(together):
    nets = []
    for theta in family(together):
        net = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
        nn.utils.vector_to_parameters(theta, net.parameters())
        nets.append(net)
    average = AveragedModel(nets[0])
    for k, net in enumerate(nets):
        average.update_parameters(net)
        ours = merged().find({"together": np.array([together]), "members": np.array([k + 1])})
        loss = nn.functional.cross_entropy(average(digits().x_test), digits().y_test)
        assert ours.loss[0, k] == pytest.approx(loss.item(), rel=1e-4)
    assert ours.line[0, [0, -1]] == pytest.approx(ours.each[0, :2])
    assert ours.line[0, len(PLACES) // 2] == pytest.approx(ours.loss[0, 1], rel=1e-4)


def test_relatives_have_one_ancestor_and_strangers_none():
    apart = {name: float(family(name).std(0).norm()) for name in TOGETHER}
    assert apart["10 epochs"] < 0.7 * apart["1 epoch"] < 0.8 * apart["the start"] < 0.8 * apart["never"]
    assert len(family("never")) == MEMBERS


# ---------------------------------------------------------------- data


def test_images_are_moved_like_slices():
    image = digits().x_test[:5].view(5, 8, 8)
    right = moved(digits().x_test[:5], torch.tensor([[1.0, 0.0]] * 5)).view(5, 8, 8)
    torch.testing.assert_close(right[:, :, 1:], image[:, :, :-1])
    assert torch.allclose(right[:, :, 0], torch.tensor(-0.5))
    down = moved(digits().x_test[:5], torch.tensor([[0.0, 0.5]] * 5)).view(5, 8, 8)
    torch.testing.assert_close(down[:, 1:], (image[:, 1:] + image[:, :-1]) / 2)


def test_right_is_the_accuracy_at_the_move_on_the_slider():
    accuracy = np.arange(14.0).reshape(2, 7)
    assert Augmented({"move": np.array([0.25, 2.0])}, accuracy).right.tolist() == [1.0, 13.0]


@pytest.mark.parametrize("preparation", PREPARATIONS)
def test_the_closed_form_is_gradient_descent(preparation):
    x, y = design("cm", preparation)
    row = bowls().of("cm", preparation)
    least = ((x @ np.linalg.lstsq(x, y, rcond=None)[0] - y) ** 2).mean() / 2
    theta, excess = np.zeros(5), []
    for _ in range(10_001):
        error = x @ theta - y
        excess.append((error**2).mean() / 2 - least)
        theta = theta - row.rate[0] * x.T @ error / len(x)
    there = int(np.argmax(np.array(excess) <= GOAL))
    assert row.steps[0] == there
    known = TIMES <= 10_000
    np.testing.assert_allclose(row.excess[0, known], np.array(excess)[TIMES[known].astype(int)], atol=1e-9)
    assert row.condition[0] == pytest.approx(np.linalg.cond(x) ** 2, rel=1e-6)
    assert row.least[0] == pytest.approx(least)


def test_the_best_rate_is_the_best():
    x, y = design("mm", "centred")
    u, size, _ = np.linalg.svd(x, full_matrices=False)
    curvatures, share = size**2 / 100, (u.T @ y) ** 2 / 200
    row = bowls().of("mm", "centred")
    ends = [steps_to(1e-12, curvatures, share, k * row.rate[0]) for k in (0.9, 1.0, 1.0004)]
    assert min(ends) == ends[1]


def test_what_is_standardised_knows_no_unit():
    for preparation in ("standardised", "whitened"):
        designs = [design(unit, preparation)[0] for unit in UNITS]
        for other in designs[1:]:
            np.testing.assert_allclose(np.abs(other), np.abs(designs[0]), atol=1e-8)
    with pytest.raises(ValueError, match="unit='inch': expected one of m, dm, cm, mm, µm"):
        design("inch", "centred")
    with pytest.raises(ValueError, match="preparation='raw': expected one of as it is"):
        design("cm", "raw")


def test_class_weights_are_scikit_learns():
    labels = torch.tensor([2, 0, 1, 1, 2, 2, 2])
    theirs = compute_class_weight("balanced", classes=np.arange(3), y=labels.numpy())
    np.testing.assert_allclose(class_weights(labels), theirs, rtol=1e-6)
    np.testing.assert_allclose(EXERCISES["balanced_weights"].truth(labels, 3), theirs, rtol=1e-6)


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
    settings = grid(count=[16], remedy=REMEDIES)
    shown = screened().find(settings)
    eight = (digits().y_test == 8).numpy()
    ones = torch.ones(len(eight), 1)
    for row, remedy in enumerate(REMEDIES):
        theta = fit(torch.stack([weights_for(16, remedy, seed) for seed in range(4)]))
        called = (theta @ torch.cat([digits().x_test, ones], dim=1).T > 0).numpy()
        recalls = [recall_score(eight, c, average=None) for c in called]
        spared, found = np.mean(recalls, axis=0)
        assert (shown.found[row], shown.spared[row]) == pytest.approx((found, spared), abs=1e-6)
        rare = 16 / (16 + OTHERS)
        assert shown.accuracy[row] == pytest.approx(rare * found + (1 - rare) * spared, abs=1e-6)
