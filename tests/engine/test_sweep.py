"""Row i of a sweep is what the single run i gives."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from optlab import iris_pair, train
from optlab.engine.rules.classic import OPTIMIZERS
from optlab.engine.training.history import CURVES

pytestmark = pytest.mark.usefixtures("either_engine")

DATA = iris_pair(dtype=torch.float64)  # in single precision, training may turn rounding into another path


def one_row(sweep, row, **shared):
    given = {name: column[row] for name, column in sweep.items()}
    return train(DATA, **{**shared, **given})


def assert_rows_are_single_runs(history, sweep, **shared):
    for row in range(len(history)):
        single = one_row(sweep, row, **shared)
        for name in (*CURVES, "lr"):
            np.testing.assert_allclose(
                getattr(history, name)[row], getattr(single, name)[0], rtol=1e-5, atol=1e-5, err_msg=name
            )
        assert history.diverged_at[row] == single.diverged_at[0]
        for key, weights in history.weights.items():
            np.testing.assert_allclose(weights[row], single.weights[key][0], atol=1e-4)


MIXED = {
    "lr": [0.001, 0.01, 0.1, 0.3, 0.05, 0.2],
    "batch_size": [80, 16, 7, 16, 1, 33],
    "l2": [0.0, 0.01, 0.0, 0.1, 0.003, 0.0],
    "l1": [0.0, 0.0, 0.01, 0.0, 0.001, 0.0],
    "delta": [0.0, 0.5, 0.1, 0.0, 2.0, 0.0],
    "p": [1.0, 2.0, 3.0, 1.0, 0.5, 0.0],
    "seed": [0, 1, 0, 2, 2, 1],
}


@pytest.mark.slow
def test_row_i_of_a_mixed_sweep_equals_the_single_run_i():
    history = train(DATA, epochs=25, **MIXED)
    assert_rows_are_single_runs(history, MIXED, epochs=25)


@pytest.mark.slow
def test_optimizers_and_schedules_may_differ_from_row_to_row():
    sweep = {
        "optimizer": ["sgd", "adam", "momentum", "sgd", "adamw", "rmsprop"],
        "schedule": ["cosine", "power_decay", "plateau", "one_cycle", "power_decay", "constant"],
        "lr": [0.1, 0.01, 0.05, 0.2, 0.01, 0.003],
        "seed": [0, 1, 2, 0, 1, 0],
        "batch_size": [16, 16, 8, 16, 20, 16],
    }
    history = train(DATA, epochs=25, l2=0.01, **sweep)
    assert history.settings["optimizer"].tolist() == sweep["optimizer"]
    assert_rows_are_single_runs(history, sweep, epochs=25, l2=0.01)


def test_settings_that_share_rule_and_schedule_share_a_run():
    """Names in an array: to train each setting alone would take as many times as long."""
    runs = []

    def counted(theta, grad, state, *, lr):
        runs.append(len(theta))
        return theta - lr * grad, state

    train(DATA, optimizer=["sgd", counted] * 8, lr=np.linspace(0.01, 0.1, 16), epochs=1, batch_size=80)
    assert runs == [8]


def test_own_hyper_parameters_vary_along_the_settings():
    sweep = {"momentum": [0.0, 0.5, 0.9], "lr": [0.1, 0.05, 0.02]}
    history = train(DATA, optimizer="momentum", epochs=15, **sweep)
    assert_rows_are_single_runs(history, sweep, optimizer="momentum", epochs=15)
    plain = train(DATA, lr=0.1, epochs=15)
    np.testing.assert_allclose(history.train_loss[0], plain.train_loss[0], atol=1e-6)


def test_per_step_schedules_know_each_rows_own_number_of_steps():
    sweep = {"batch_size": [80, 16, 1], "lr": [0.1, 0.1, 0.1]}
    shared = {"schedule": "cosine", "schedule_per": "step", "epochs": 4}
    history = train(DATA, **sweep, **shared)
    assert_rows_are_single_runs(history, sweep, **shared)


def test_one_per_batch_holds_for_every_row():
    sweep = {"lr": [0.01, 0.1], "seed": [3, 4]}
    assert_rows_are_single_runs(
        train(DATA, one_per_batch=True, epochs=5, **sweep), sweep, one_per_batch=True, epochs=5
    )


@given(
    st.lists(
        st.tuples(
            st.floats(1e-4, 0.5),
            st.sampled_from([1, 5, 16, 80]),
            st.sampled_from([0.0, 0.01, 0.3]),
            st.integers(0, 3),
            st.sampled_from(sorted(OPTIMIZERS)),
        ),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=12, deadline=None)
@pytest.mark.slow
def test_any_sweep_equals_its_single_runs(rows):
    names = ("lr", "batch_size", "l2", "seed", "optimizer")
    sweep = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    history = train(DATA, epochs=2, **sweep)
    for row, values in enumerate(rows):
        single = train(DATA, epochs=2, **dict(zip(names, values, strict=True)))
        np.testing.assert_allclose(history.train_loss[row], single.train_loss[0], rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(history.penalty[row], single.penalty[0], rtol=1e-5, atol=1e-5)


def test_settings_that_share_a_seed_start_alike_and_others_do_not():
    history = train(DATA, lr=[0.1, 0.2, 0.1], seed=[0, 0, 1], epochs=1)
    assert history.train_loss[0, 0] == history.train_loss[1, 0] != history.train_loss[2, 0]


def test_the_same_call_gives_the_same_numbers():
    first, second = (train(DATA, lr=[0.1, 0.2], epochs=5) for _ in range(2))
    assert np.array_equal(first.train_loss, second.train_loss)
