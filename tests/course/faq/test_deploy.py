"""A network on its way into use, against torch's pruning and plain counting; its program and goals."""

import copy

import numpy as np
import pytest
import torch
from made_up import made_up_deployments
from printed_programs import named, program_of
from torch import nn
from torch.nn.utils import prune

from optlab.course.faq.deploy import (
    BITS,
    FRACTIONS,
    KINDS,
    accuracy,
    deployments,
    digits,
    exported,
    file_bytes,
    run_time,
    sparse_bytes,
    stages,
    trained,
)
from optlab.course.faq.deploy_lab import GOALS, accuracy_plot
from optlab.engine.systems.quantization import stored_bytes
from optlab.live.goals import which_reached


@pytest.fixture(scope="module")
def table():
    return deployments()


@torch.no_grad()
def right(net):
    return float((net(digits().x_test).argmax(1) == digits().y_test).float().mean())


@pytest.mark.slow
def test_the_trained_network_reads_digits():
    assert accuracy(trained()) == right(trained()) > 0.96
    assert not any(p.requires_grad for p in trained().parameters())


@pytest.mark.slow
def test_pruned_accuracy_is_that_of_torchs_own_pruning(table):
    for fraction in (0.5, 0.8, 0.9):
        ours = table.select(kind="single weights", fraction=fraction, bits=32)
        net = copy.deepcopy(trained())
        layers = [(layer, "weight") for layer in net if isinstance(layer, nn.Linear)]
        prune.global_unstructured(layers, prune.L1Unstructured, amount=fraction)
        assert ours.accuracy[0] == pytest.approx(right(net), abs=0.003)


def test_bytes_are_those_of_the_smaller_way_to_store(table):
    rows = 512 + 512 + 10
    weights = 64 * 512 + 512 * 512 + 512 * 10
    assert table.bytes[0] == table.trained["bytes"] == 4 * (weights + rows) == stored_bytes(trained())
    kept = weights - round(0.9 * weights)
    assert table.select(kind="single weights", fraction=0.9, bits=8).bytes[0] == kept * 3 + rows * 10
    sizes = table.bytes.reshape(len(KINDS), len(FRACTIONS), len(BITS))
    assert (np.diff(sizes, axis=1) <= 0).all()  # removing more never takes more
    assert (np.diff(sizes, axis=2) <= 0).all()  # nor do fewer bits


def test_sparse_bytes_count_what_is_not_zero():
    layer = nn.Linear(10, 4)
    with torch.no_grad():
        layer.weight.zero_()[1, 2:5] = 1.0
    assert sparse_bytes(layer) == 3 * (4 + 2) + 4 * (4 + 2)
    assert sparse_bytes(layer, bits=8) == 3 * (1 + 2) + 4 * (4 + 2 + 4)


def test_times_of_whole_neurons_fall_and_of_single_weights_do_not(table):
    """Wide margins: half of the neurons leave a third of the multiplications; zeros leave all of them."""
    zeros, neurons = table.select(fraction=0.9, bits=32).relative("batch_seconds")
    assert zeros > 0.6
    assert neurons < 0.5


@pytest.mark.slow
def test_the_exported_network_computes_the_same():
    program, x = exported(trained()), digits().x_test
    for images in (7, 450):
        with torch.no_grad():
            np.testing.assert_allclose(program.module()(x[:images]), trained()(x[:images]), atol=1e-5)
    assert stored_bytes(trained()) < file_bytes(program) < 2 * stored_bytes(trained())


@pytest.mark.slow
def test_the_stages_shrink_and_stay_right():
    way = stages()
    assert [stage.name for stage in way] == [
        "as trained",
        "exported",
        "25% of the neurons removed",
        "8 bits",
        "all three",
    ]
    assert way[0].bytes == way[1].bytes > way[2].bytes > way[3].bytes > way[4].bytes
    assert min(stage.accuracy for stage in way) > 0.95
    assert all(stage.seconds > 0 for stage in way)


def test_a_setting_is_compared_with_the_network_as_trained(table):
    here = table.find({"kind": ["whole neurons"], "bits": [4], "fraction": [0.5]})
    assert len(table) == len(KINDS) * len(FRACTIONS) * len(BITS)
    assert here.relative("bytes")[0] == here.bytes[0] / table.bytes[0] < 0.1
    assert (table.select(fraction=0.0, bits=32).relative("accuracy") == 1).all()


LINE = nn.Linear(64, 10)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: trained(width=0), "width=0: expected a whole number of at least 1"),
        (lambda: run_time(LINE, images=451), "images=451: expected a whole number from 1 to 450"),
        (lambda: sparse_bytes(LINE, bits=64), "bits=64: expected a whole number from 1 to 32"),
    ],
)
def test_wrong_arguments_are_refused_at_once(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("kind", "fraction", "bits"),
    [("single weights", 0.8, 32), ("whole neurons", 0.5, 8), ("whole neurons", 0.4, 3)],
)
def test_the_program_prints_the_labs_accuracy_and_bytes(table, kind, fraction, bits):
    """Rounding may tell a few of 450 images the other way."""
    setting = {"kind": kind, "fraction": fraction, "bits": bits}
    shown, found = table.select(**setting), named(program_of("deploy_lab")(setting))
    assert found["test accuracy"] == pytest.approx(shown.accuracy[0], abs=0.0126)
    assert found["bytes"] == pytest.approx(shown.bytes[0], abs=3)  # a layer takes whole bytes
    assert found["milliseconds"] > 0


@pytest.mark.parametrize(
    ("kind", "fraction", "bits", "reached"),
    [
        ("single weights", 0.0, 8, (False, False)),
        ("whole neurons", 0.25, 4, (True, False)),
        ("whole neurons", 0.4, 32, (False, True)),
    ],
)
def test_goals_ask_for_few_bytes_and_for_little_time(kind, fraction, bits, reached):
    assert (
        which_reached(GOALS, made_up_deployments().select(kind=kind, fraction=fraction, bits=bits)) == reached
    )


def test_the_curves_are_those_of_the_bits_on_the_slider(table):
    plot = accuracy_plot(table)
    two_bits = table.select(bits=2, fraction=0.5)
    for kind in KINDS:
        curves = plot.values(kind, two_bits)
        assert curves.tolist() == [table.select(kind=kind, bits=2).accuracy.astype(np.float32).tolist()] * 2
