"""The labs of batch sizes: what they draw, their goals, marks and programs."""

import numpy as np
import pytest
from printed_programs import printed, random_slots

from optlab.course.batch_gradient_descent.gradients import DRAWS, curvature_after
from optlab.course.labs import batch_lab, noise_lab, scaling_lab
from optlab.live import DRAW_LOCK
from optlab.live.goals import which_reached

LABS = {"batch": batch_lab, "noise": noise_lab, "scaling": scaling_lab}


@pytest.fixture(scope="module")
def made():
    labs = {name: make() for name, make in LABS.items()}
    yield labs
    for lab in labs.values():
        lab.close()


@pytest.fixture(autouse=True)
def back_to_the_defaults(request):
    if "made" in request.fixturenames:
        for lab in request.getfixturevalue("made").values():
            lab.reset()


def drawn(lab, panel, line):
    """A line of a panel as it is drawn for where the sliders stand."""
    with DRAW_LOCK:
        lab.panels[panel].show(lab.history, 0)
        return np.array(getattr(lab.panels[panel], line).get_xydata())


@pytest.mark.parametrize(
    ("axis", "first"), [("epochs", 1), ("examples seen", 80), ("updates", 5), ("time", 5 + 0.03 * 80)]
)
def test_the_curve_stands_on_the_chosen_axis(made, axis, first):
    xy = drawn(made["batch"], 0, "run") if made["batch"].set(axis=axis) else None
    np.testing.assert_allclose(xy[1:, 0], first * np.arange(1, 21))
    with DRAW_LOCK:
        assert made["batch"].panels[0].scene(made["batch"].history, 0) == made["batch"].grid.params[0].index(
            axis
        )


def test_the_star_lies_on_the_curve_where_it_meets_the_goal(made):
    lab = made["batch"]
    lab.set(axis="updates", batch_size=80, lr=2.0)
    (x, y), curve = drawn(lab, 0, "there")[0], drawn(lab, 0, "run")
    assert np.interp(x, curve[1:, 0], curve[1:, 1]) == pytest.approx(y, rel=1e-6)


def test_the_winners_stars_stand_at_one_and_the_lines_above(made):
    made["batch"].set(lr=1.0)
    drawn(made["batch"], 1, "here")
    panel = made["batch"].panels[1]
    for line, star in zip(panel.lines, panel.stars, strict=True):
        assert np.nanmin(line.get_ydata()) == 1
        assert star.get_xdata()[0] == line.get_xdata()[np.nanargmin(line.get_ydata())]


def test_without_a_winner_there_is_no_star(made):
    run = made["batch"].set(lr=0.01)
    assert run.winner("epochs", 0.01) == [0]


def test_the_dashed_law_lies_on_the_dots_and_ends_before_all_samples(made):
    for draw in DRAWS:
        made["noise"].set(draw=draw)
        law, seen = drawn(made["noise"], 1, "law"), drawn(made["noise"], 1, "seen")
        assert np.isnan(law[-1, 1]) == (draw == DRAWS[0])
        np.testing.assert_allclose(seen[:79, 1], law[:79, 1], rtol=0.25)


def test_the_ring_holds_95_percent_of_a_large_batchs_cloud(made):
    made["noise"].set(batch_size=32)
    dots, ring = drawn(made["noise"], 0, "dots"), drawn(made["noise"], 0, "ring")
    middle = ring[:-1].mean(0)
    shape = np.linalg.inv(np.cov(ring[:-1], rowvar=False, bias=True)) / 2  # of a ring: half the squared radii
    inside = (np.einsum("ni,ij,nj->n", dots - middle, shape, dots - middle) <= 1).mean()
    assert 0.9 < inside < 0.99


def test_the_slider_of_k_marks_the_linear_rule_and_where_the_full_gradient_overshoots():
    marks = next(p for p in scaling_lab_params() if p.name == "factor").marks
    assert marks(0.1, 16) == {
        "linear": 16.0,
        "2/L": (pytest.approx(20 / curvature_after(3)), np.inf),
    }


def scaling_lab_params():
    lab = scaling_lab()
    params = lab.grid.params
    lab.close()
    return params


def test_the_blue_curve_meets_the_dashed_one_at_the_linear_rule(made):
    made["scaling"].set(batch_size=32, factor=32.0)
    run, one = drawn(made["scaling"], 0, "run"), drawn(made["scaling"], 0, "one")
    assert np.exp(np.abs(np.log(run[1:, 1] / one[1:, 1])).mean()) == pytest.approx(
        made["scaling"].history.apart[0]
    )
    assert drawn(made["scaling"], 1, "linear")[0, 0] == 32
    here = drawn(made["scaling"], 1, "here")[0]
    assert here == pytest.approx([32, made["scaling"].history.apart[0]])


@pytest.mark.parametrize(
    ("name", "goal", "where"),
    [
        ("batch", 0, {"batch_size": 4}),
        ("batch", 1, {"batch_size": 80, "lr": 2.0}),
        ("batch", 2, {"lr": 2.0, "sample_cost": 0.3}),
        ("noise", 0, {"epoch": 30, "batch_size": 72}),
        ("noise", 1, {"batch_size": 80}),
        ("scaling", 0, {"factor": 32.0}),
        ("scaling", 1, {"batch_size": 80, "factor": 80.0}),
        ("scaling", 2, {"base": 0.3, "factor": 32.0}),
    ],
)
def test_each_goal_can_be_reached_and_is_not_reached_at_first(made, name, goal, where):
    lab = made[name]
    assert not which_reached(lab.goals, lab.history)[goal]
    assert which_reached(lab.goals, lab.set(**where))[goal]


def test_a_film_of_them_counts_epochs(made):
    for name in ("batch", "scaling"):
        assert (made[name].toolbar.last, made[name].toolbar.unit) == (20, "epoch")


# ---------------------------------------------------------------- as PyTorch

CURVES = {
    "batch": lambda run: run.loss[0, run.own[0]],
    "scaling": lambda run: run.loss[0],
    "noise": lambda run: np.where(run.law_by_size[0] > 0, run.by_size[0], 0),
}


@pytest.mark.parametrize("name", CURVES)
def test_the_program_prints_the_labs_curve_for_random_settings(made, name):
    lab = made[name]
    slots = random_slots(lab)
    for slot, run in zip(slots, lab._run(lab.grid.settings(slots), ()), strict=True):
        numbers, shown = printed(lab.toolbar._program(lab.grid.setting(slot))), CURVES[name](run)
        assert numbers.shape == shown.shape
        calm = _calm(shown)
        np.testing.assert_allclose(numbers[calm], shown[calm], rtol=5e-4, atol=1e-20)


def _calm(losses):
    """The points before a run blows up: from there on rounding alone parts two runs."""
    wild = np.flatnonzero(~(losses < 2 * losses[0]))
    return slice(int(wild[0]) if wild.size else None)


@pytest.mark.parametrize("name", CURVES)
def test_the_program_knows_no_optlab(made, name):
    text = made[name].toolbar._program(made[name].settings)
    assert "optlab" not in text
    assert len(text.splitlines()) < 50
