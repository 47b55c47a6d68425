"""As PyTorch: the program of a setting prints the curve that the lab shows, to four digits."""

import numpy as np
import pytest
from printed_programs import (
    DIGITS,
    EVERY,
    first_departure,
    imports_of,
    named_apart,
    named_by_itself,
    nudged,
    printed,
    random_slots,
)

from optlab import iris_pair
from optlab.course.labs import first_lab, training_lab


def whole_training():
    """Of a quarter of the epochs: at batch size 1 a plain loop takes its time."""
    return training_lab(iris_pair(), epochs=25)


# each with a relative change of the settings that does more than rounding in float32 on any processor
LABS = {
    first_lab: 1e-6,
    whole_training: 1e-6,
}


@pytest.fixture(params=LABS, ids=lambda make: make.__name__)
def lab(request):
    made = request.param()
    made.rounding, made.unhurried = LABS[request.param], request.param is first_lab
    yield made
    made.close()


NAMES = ("training loss", "test loss")


def curves_of(result):
    """Both losses of every setting, `(settings, 2, epochs + 1)`."""
    return np.stack([result.train_loss, result.test_loss], axis=1)


def test_it_prints_the_labs_curves_for_20_random_settings(lab):
    slots = random_slots(lab)
    settings = lab.grid.settings(slots)
    curves = curves_of(lab.source.run(settings))
    others = curves_of(lab.source.run(nudged(settings, lab.rounding)))
    whole = 0
    for slot, both, nearly in zip(slots, curves, others, strict=True):
        setting = lab.grid.setting(slot)
        for numbers, curve, other in zip(
            printed(lab.program(setting | EVERY), *NAMES), both, nearly, strict=True
        ):
            end = first_departure(curve, other)
            known = np.flatnonzero(np.isfinite(curve[:end]))
            np.testing.assert_allclose(numbers[known], curve[known], rtol=DIGITS, err_msg=str(setting))
            if end == len(curve):  # it also diverges where the lab's does
                whole += 1
                assert np.count_nonzero(np.isfinite(numbers)) == len(known)
    assert whole >= 0.75 * 2 * len(curves)


def test_it_is_short_complete_and_plain(lab):
    for slot in random_slots(lab):
        program = lab.program(lab.grid.setting(slot))
        assert "optlab" not in program
        assert len(program.splitlines()) <= 55
        assert max(map(len, program.splitlines())) <= 110
        assert imports_of(program) <= {
            "torch",
            "sklearn",
            "math",
        }


def test_it_runs_by_itself(lab, tmp_path):
    """One of the two in a new Python, as a learner would start it."""
    slot = lab.grid.default
    alone = named_by_itself if lab.unhurried else named_apart
    run = lab.source.run(lab.grid.settings([slot]))
    found = alone(lab.program(lab.grid.setting(slot)), tmp_path)
    assert [found[name] for name in NAMES] == pytest.approx(curves_of(run)[0, :, -1], rel=DIGITS)
    assert found["test accuracy"] == pytest.approx(run.test_accuracy[0, -1])


@pytest.mark.parametrize("other", [{"optimizer": "adam"}, {"one_per_batch": True}])
def test_a_lab_whose_training_is_another_offers_none(other):
    lab = training_lab(iris_pair(), epochs=1, **other)
    assert not lab.toolbar.has_program
    lab.close()


def test_a_learners_own_data_have_none():
    rng = np.random.default_rng(0)
    for data in (iris_pair(seed=4), (rng.normal(size=(50, 3)), rng.integers(0, 2, 50))):
        lab = training_lab(data, epochs=1)
        assert not lab.toolbar.has_program
        lab.close()


def test_the_toolbar_writes_the_program_of_the_slot_that_the_browser_asks_for():
    lab = first_lab(epochs=2)
    slot = lab.grid.slot([lab.grid.params[0].index(1.0)])
    lab.toolbar.asked = slot
    assert lab.toolbar.program["slot"] == slot
    assert "lr = 1.0" in lab.toolbar.program["text"]
    assert printed(lab.toolbar.program["text"], "epoch").tolist() == [0, 2]
    lab.close()
