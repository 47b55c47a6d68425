"""The programs in plain PyTorch print the curves that the labs of regularisation show, to four digits."""

import numpy as np
import pytest
from printed_programs import DIGITS, first_departure, printed

from optlab.course.labs import shrinkage_lab, stopping_lab, weight_decay_lab
from optlab.course.regularization.moons import EPOCHS, MODEL, TRAINING, fits_of, moons
from optlab.course.regularization.moons_lab import KIND, SAMPLES, STRENGTH
from optlab.course.regularization.old_programs import (
    moons_program,
    shrinkage_program,
    stopping_program,
    weight_decay_program,
)
from optlab.course.regularization.shrinkage import walks
from optlab.engine.data.diabetes import diabetes
from optlab.engine.models.penalties import split
from optlab.engine.training.train import train

WIDE = diabetes(products=True)


def drawn(params, seed, count=20):
    """Settings drawn at random from the sliders."""
    random = np.random.default_rng(seed)
    return [{p.name: p.values[random.integers(len(p.values))] for p in params} for _ in range(count)]


def validation_errors(held):
    steps = int(held.settings["steps"][0])
    path = walks(WIDE, l2=0.0, l1=0.0, lr=0.03, steps=steps)[0, 1:]
    assert held.stopped_errors[0, 1] == pytest.approx(WIDE.error(path[-1]))
    return np.append(WIDE.error(path), held.ridge_errors[0, 1])


@pytest.mark.parametrize(
    ("make", "program", "curve"),
    [
        (weight_decay_lab, weight_decay_program, lambda walk: walk.path[0].ravel()),
        (shrinkage_lab, shrinkage_program, lambda run: run.weights[0]),
        (stopping_lab, stopping_program, validation_errors),
    ],
)
def test_a_program_prints_what_its_lab_shows(make, program, curve):
    lab = make()
    for settings in drawn([control.param for control in lab.controls], seed=5):
        np.testing.assert_allclose(
            printed(program(settings)),
            curve(lab.set(**settings)),
            rtol=1e-4,
            atol=1e-5,
            err_msg=str(settings),
        )
    lab.close()


def a_hair_stronger(settings):
    """The training loss with a penalty changed by as much as rounding would."""
    l2, l1 = split([settings["kind"]], [settings["strength"] * (1 + 1e-15)])
    data, n = moons(settings["samples"])[0], settings["samples"]
    return train(data, model=MODEL, l2=l2, l1=l1, batch_size=n, epochs=EPOCHS, **TRAINING).train_loss[0]


def test_the_program_of_the_moons_prints_the_training_loss_for_every_penalty():
    """A strong L1 throws weights about 0 from side to side: there they agree until rounding parts them."""
    whole = 0
    for settings in drawn([STRENGTH, KIND, SAMPLES], seed=3):
        shown = fits_of({name: np.array([value]) for name, value in settings.items()}).train_loss[0]
        end = first_departure(shown, a_hair_stronger(settings))
        got = printed(moons_program(settings))
        np.testing.assert_allclose(got[:end], shown[:end], rtol=DIGITS, err_msg=str(settings))
        whole += end == len(shown)
    assert whole >= 15
