"""The labs over measurements: every slider position shows its own row of the table, and says what is true."""

from functools import cache

import numpy as np
import pytest
from made_up import COMPILED, REFUSED, made_up_runs, made_up_times

from optlab.course.labs import compile_lab, data_parallel_lab, local_sgd_lab, precision_lab
from optlab.course.trends.local_sgd import SPLITS
from optlab.course.trends.precision import train_in_formats
from optlab.live.goals import which_reached

formats = cache(train_in_formats)


LABS = {
    "compile": lambda **options: compile_lab(COMPILED, **options),
    "not compiled": lambda **options: compile_lab(REFUSED, **options),
    "precision": lambda **options: precision_lab(formats(), **options),
    "data parallel": lambda **options: data_parallel_lab(made_up_times(), **options),
    "local sgd": lambda **options: local_sgd_lab(made_up_runs(), **options),
}


@pytest.fixture(scope="module", params=LABS)
def lab(request):
    made = LABS[request.param]()
    made._trainer.close()
    made.named = request.param
    yield made
    made.close()


def all_rows(lab):
    slots = np.arange(lab.grid.size)
    return lab._run(lab.grid.settings(slots), ())


def test_every_position_shows_its_own_row(lab):
    result = all_rows(lab)
    for row in range(lab.grid.size):
        setting = lab.grid.setting(row)
        assert {name: column[row] for name, column in result.settings.items()} == setting
        words = [panel.show(result, row) for panel in lab.panels]
        assert all(words)
        assert "nan" not in " ".join(words)


def test_every_goal_is_reached_somewhere_but_not_at_first(lab):
    result = all_rows(lab)
    reached = np.array([which_reached(lab.goals, result.select(row)) for row in range(lab.grid.size)])
    assert reached.any(0).all() or lab.named == "not compiled"
    assert not reached[lab.grid.default].any()


def test_the_lab_takes_the_options_of_every_lab(lab):
    name = lab.grid.params[0].name
    made = LABS[lab.named](hide=[name], goals=())
    assert name not in [control.param.name for control in made.children[0].children]
    assert made.goals == ()
    assert made.png().startswith(b"\x89PNG")
    made.close()


def panel_words(name, **setting):
    made = LABS[name]()
    result = made.set(**setting)
    words = [panel.show(result, 0) for panel in made.panels]
    made.close()
    return words


def test_the_bill_says_whether_compiling_has_paid():
    assert "has not paid yet" in panel_words("compile", calls=100)[0]
    first, second = panel_words("compile", calls=10_000)
    assert "10,000 calls: 100 s line by line, 28 s compiled; compiling has paid" in first
    assert "a compiled call is 5 times as fast" in second


def test_without_a_compiler_the_bill_says_so():
    first, second = panel_words("not compiled", calls=100)
    assert "100 calls: 1 s; nothing was compiled" in first
    assert "compiled not compiled here" in second


@pytest.mark.parametrize(("batch", "words"), [(16, "6.8 times slower"), (1024, "1.7 times as fast")])
def test_the_bars_say_whether_two_workers_pay(batch, words):
    assert words in panel_words("data parallel", batch=batch)[0]


def test_local_sgd_says_what_it_costs_and_what_it_saves():
    first, second = panel_words("local sgd", every=50, split=SPLITS[1])
    assert f"H = 50: loss 0.55, test accuracy 100%; {0.55 / 0.06:.3g} × the loss of H = 1" in first
    assert "3.65 kB sent by each worker; 50 times less" in second
