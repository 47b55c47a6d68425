"""The race of schedules: its runs against torch's own schedulers, its choices against a search."""

import warnings
from dataclasses import replace

import numpy as np
import pytest
import torch
from plain_loop import article_mlp
from printed_programs import printed
from torch.nn import functional
from torch.optim import lr_scheduler

from optlab import iris_pair
from optlab.course.labs import race_lab
from optlab.course.learning_rate_decay.race import CANDIDATES, FRESH, L2, LRS, MINIMUM, SEEDS, race
from optlab.engine.systems.threads import threads

EPOCHS = 3


@pytest.fixture(scope="module")
def runs():
    return race(EPOCHS)


def objective(module, x, y):
    return functional.cross_entropy(module(x), y) + L2 * sum(
        (p**2).sum() for p in module.parameters() if p.ndim > 1
    )


SCHEDULERS = {
    "constant": lambda opt, **_: lr_scheduler.ConstantLR(opt, factor=1.0),
    "decay p = 1": lambda opt, delta, p: lr_scheduler.LambdaLR(opt, lambda t: (1 + delta * t) ** (-p / 2)),
    "decay p = 2": lambda opt, delta, p: lr_scheduler.LambdaLR(opt, lambda t: (1 + delta * t) ** (-p / 2)),
    "step": lambda opt, gamma, every: lr_scheduler.StepLR(opt, int(every), gamma),
    "exponential": lr_scheduler.ExponentialLR,
    "cosine": lambda opt: lr_scheduler.CosineAnnealingLR(opt, EPOCHS),
    "linear to 0": lambda opt: lr_scheduler.LinearLR(opt, 1.0, 0.0, EPOCHS),
    "WSD": lambda opt, fall: lr_scheduler.LambdaLR(
        opt, lambda t: min(1.0, (t + 1) / (0.05 * EPOCHS), (EPOCHS - t) / (fall * EPOCHS))
    ),
    "one-cycle": lambda opt, rise: lr_scheduler.LambdaLR(opt, cycle(opt.param_groups[0]["lr"], rise)),
    "warm-up": lambda opt, over: lr_scheduler.LambdaLR(opt, lambda t: min(1.0, (t + 1) / over)),
    "plateau": lambda opt, factor, patience: lr_scheduler.ReduceLROnPlateau(
        opt, factor=factor, patience=int(patience)
    ),
}


def cycle(lr, rise):
    """torch's OneCycleLR as a table of factors: it cannot start at a rate below the optimiser's own."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr)
    scheduler = lr_scheduler.OneCycleLR(optimizer, max_lr=lr, total_steps=EPOCHS, pct_start=rise)
    factors = []
    for _ in range(EPOCHS):
        factors.append(optimizer.param_groups[0]["lr"] / lr)
        if len(factors) < EPOCHS:
            scheduler.step()
    return lambda t: factors[min(t, EPOCHS - 1)]


@threads(1)
def plain_race(name, lr, shape, seed):
    """One flower a step, in plain PyTorch: the optimality gap, before training and after every epoch."""
    data, module = iris_pair(), article_mlp(seed)
    optimizer = torch.optim.SGD(module.parameters(), lr)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scheduler = SCHEDULERS[name](optimizer, **shape)
    shuffle, ends = torch.Generator().manual_seed(seed), [away(module, data)]
    for _ in range(EPOCHS):
        for one in torch.randperm(len(data.x_train), generator=shuffle).split(1):
            optimizer.zero_grad()
            objective(module, data.x_train[one], data.y_train[one]).backward()
            optimizer.step()
        with torch.no_grad():
            loss = functional.cross_entropy(module(data.x_train), data.y_train).item()
        scheduler.step(*([loss] if name == "plateau" else []))
        ends.append(away(module, data))
    return np.array(ends)


@torch.no_grad()
def away(module, data):
    return objective(module, data.x_train, data.y_train).item() - MINIMUM


@pytest.mark.filterwarnings("ignore:Detected call of")
@pytest.mark.parametrize("name", CANDIDATES)
def test_every_schedule_runs_as_torchs_own(runs, name):
    lr, seed = runs.best[name], SEEDS[1]
    plain = plain_race(name, lr, runs.shape[name], seed)
    np.testing.assert_allclose(runs.at_best(name).gap[0, 1], plain, rtol=0, atol=2e-4)


@pytest.mark.filterwarnings("ignore:Detected call of")
@pytest.mark.parametrize("name", ["constant", "plateau"])
def test_the_race_itself_is_run_on_other_seeds(runs, name):
    assert not set(SEEDS) & set(FRESH)
    plain = plain_race(name, runs.best[name], runs.shape[name], FRESH[2])
    assert runs.fresh[name][2] == pytest.approx(plain[-1], abs=2e-4)


def test_each_schedule_runs_at_the_rate_that_ends_lowest_for_it(runs):
    for name in CANDIDATES:
        ends = np.nan_to_num(runs.of(name).gap[:, :, -1].mean(1), nan=np.inf)
        assert runs.best[name] == LRS[ends.argmin()]
        assert runs.shape[name] in CANDIDATES[name].shapes
        assert runs.of(name).settings["lr"].tolist() == LRS.tolist()


def test_the_minimum_is_the_one_that_lbfgs_finds():
    data = iris_pair(dtype=torch.float64)
    for seed in (0, 5):
        module = article_mlp(seed, torch.float64)
        options = {"tolerance_grad": 1e-9, "tolerance_change": 1e-14, "history_size": 30}
        solver = torch.optim.LBFGS(
            module.parameters(), max_iter=2000, line_search_fn="strong_wolfe", **options
        )

        def closure(module=module, solver=solver):
            solver.zero_grad()
            loss = objective(module, data.x_train, data.y_train)
            loss.backward()
            return loss

        solver.step(closure)
        assert closure().item() == pytest.approx(MINIMUM, abs=2e-6)


@pytest.fixture(scope="module")
def lab(runs):
    made = race_lab(runs)
    yield made
    made.close()


def test_the_lab_shows_the_row_of_its_schedule_and_rate(lab, runs):
    for name, lr in (("cosine", LRS[0]), ("plateau", LRS[-1]), ("warm-up", LRS[3])):
        shown = lab.at(schedule=name, lr=float(lr))
        assert shown.setting(0) == {"schedule": name, "lr": lr}
        row = list(CANDIDATES).index(name) * len(LRS) + list(LRS).index(lr)
        np.testing.assert_array_equal(shown.gap[0], runs.tuned.gap[row])
        mean = lab.plots[3].values("their mean", shown)[0]
        np.testing.assert_allclose(mean, runs.tuned.gap[row].mean(0), rtol=1e-6)


def test_the_plots_say_who_beats_the_constant_rate(lab, runs):
    entry, name = runs.at_best("exponential"), "exponential"
    ends, tuned, _, curves = lab.plots
    wins = sum(a < b for a, b in zip(runs.fresh[name], runs.fresh["constant"], strict=True))
    assert f"lower than the constant rate on {wins} of 16" in ends.said(entry)
    assert "the one to beat" in ends.said(runs.at_best("constant"))
    better = entry.gap[0, :, -1].mean() < runs.at_best("constant").gap[0, :, -1].mean()
    assert ("★" in curves.said(entry)) == better
    assert f"best at α₀ = {runs.best[name]:.3g}" in tuned.said(entry)


def test_a_run_that_diverged_is_said_to_have(lab, runs):
    gap = runs.at_best("constant").gap.copy()
    gap[0, 1, -1] = np.nan
    assert "a seed diverged" in lab.plots[3].said(replace(runs.at_best("constant"), gap=gap))


def test_the_rates_on_the_screen_are_those_in_force(runs):
    entry = runs.at_best("decay p = 2")
    t = np.arange(EPOCHS)
    expected = runs.best["decay p = 2"] / (1 + runs.shape["decay p = 2"]["delta"] * t)
    np.testing.assert_allclose(entry.lr[0], expected, rtol=1e-6)


def test_the_goal_is_out_of_reach_of_schedules_that_do_not_fall():
    whole = race_lab()
    runs = whole.source.run(whole.grid.settings(range(whole.grid.size)))
    seen = [whole.goals[0].is_reached(one) for one in runs]
    assert set(runs.settings["schedule"][seen]) == set(CANDIDATES) - {"constant", "warm-up"}
    assert not seen[whole.grid.default]
    whole.close()


def test_the_program_prints_the_labs_curve():
    """For every schedule at a random rate that is not chaotic; in 12 epochs step decay takes two steps."""
    lab = race_lab(race(12))
    rates = np.random.default_rng(3).integers(0, np.searchsorted(LRS, 0.5), len(CANDIDATES))
    for name, rate in zip(CANDIDATES, LRS[rates].tolist(), strict=True):
        shown = lab.at(schedule=name, lr=rate).gap[0].mean(0)
        # a gap is the difference of two float32 numbers: it has fewer digits than they have
        found = printed(lab.program(lab.settings), "optimality gap")
        np.testing.assert_allclose(found, shown, rtol=2e-3, err_msg=name)
    lab.close()
