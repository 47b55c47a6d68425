"""The labs of gradient descent: what they show against plain loops, and theory's marks on the sliders."""

import numpy as np
import pytest
import torch
from shared_labs import at_the_defaults, shared

from optlab.course.checkpoint import judge
from optlab.course.common.old_paths import SurfacePath, View
from optlab.course.exercises import EXERCISES
from optlab.course.gradient_descent.descent import measured_factor
from optlab.course.gradient_descent.descent_lab import ALPHA, KAPPA
from optlab.course.gradient_descent.momentum import phase
from optlab.course.gradient_descent.surface_lab import RULE, SURFACE
from optlab.course.labs import descent_lab, momentum_lab, surface_lab
from optlab.engine.analysis.follow import follow
from optlab.engine.analysis.quadratic import momentum_roots
from optlab.engine.analysis.surfaces import SURFACES, ravine, start_at
from optlab.live import DRAW_LOCK
from optlab.live.controls import Control
from optlab.live.slider_marks import SliderMarks, marks_table, position
from optlab.params import Param

any_lab = shared(descent_lab, momentum_lab, surface_lab)
lab = shared(descent_lab)
back_to_the_defaults = at_the_defaults("any_lab", "lab")


def walk(fn, start, steps, **sgd):
    """A plain loop with torch's own optimiser."""
    theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([theta], **sgd)
    path = [theta.detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        fn(theta[None])[0].backward()
        optimizer.step()
        path.append(theta.detach().clone())
    return torch.stack(path).numpy()


# ---------------------------------------------------------------- the labs against torch.optim


@pytest.mark.parametrize(
    "values", [{}, {"lr": 0.05, "kappa": 30.0}, {"lr": 1.0, "kappa": 1.0, "angle": 15.0}]
)
def test_the_descent_lab_shows_the_path_of_a_plain_loop(lab, values):
    shown = lab.set(**values)
    at = lab.settings
    path = walk(ravine(at["kappa"]), start_at(at["angle"])[0], 100, lr=at["lr"])
    np.testing.assert_allclose(shown.path[0], path, rtol=1e-9, atol=1e-12)


def test_the_momentum_lab_shows_the_path_of_torchs_own_momentum():
    lab = momentum_lab()
    shown = lab.set(lr=0.089, momentum=0.5)
    path = walk(ravine(30.0), start_at(60.0)[0], 100, lr=0.089, momentum=0.5)
    np.testing.assert_allclose(shown.path[0], path, rtol=1e-9, atol=1e-12)
    lab.close()


def test_rows_of_the_surface_lab_that_share_no_run_come_back_in_their_order():
    lab = surface_lab(steps=20)
    settings = {
        "surface": np.array([*SURFACES, *SURFACES][::-1]),
        "optimizer": np.array(["sgd", "momentum"] * 3),
        "lr": np.array([1e-3, 2e-3, 3e-3, 4e-3, 5e-3, 6e-3]),
        "start": np.array(["A", "B", "C", "C", "B", "A"]),
    }
    mixed = lab._run(settings, ())
    for row in range(6):
        surface, rule, lr, start = (column[row] for column in settings.values())
        momentum = 0.9 if rule == "momentum" else 0.0
        path = walk(SURFACES[surface].fn, SURFACES[surface].starts[start], 20, lr=lr, momentum=momentum)
        kept = np.isfinite(mixed.path[row]).all(1)
        assert kept[:3].all()
        np.testing.assert_allclose(mixed.path[row, kept], path[kept], rtol=1e-8, atol=1e-10)
        assert [mixed.settings[name][row] for name in settings] == [surface, rule, lr, start]
    lab.close()


# ---------------------------------------------------------------- what the figures say


def run(lr, kappa=10.0, angle=60.0):
    settings = {"lr": np.array([lr]), "kappa": np.array([kappa])}
    return follow(ravine(kappa), start_at(angle), settings=settings, lr=lr, steps=100)


@pytest.mark.parametrize(
    ("lr", "angle", "words"),
    [
        (0.16, 60.0, "the tolerance ended it at step 38"),
        (0.01, 60.0, "the cap of 100 steps ended it: the loss is"),
        (0.2001, 60.0, "the cap of 100 steps ended it: the loss has grown to"),
        (0.3, 60.0, "diverged: the loss is a million times larger by step 10"),
        (
            0.36,
            0.0,
            "at step 17 ★; left alone, it diverges by step",
        ),  # rounding errors grow across the valley
    ],
)
def test_a_run_says_what_ended_it(lr, angle, words):
    assert words in run(lr, angle=angle).outcome()


@pytest.mark.parametrize(("lr", "shown"), [(0.16, "star"), (0.01, "square"), (0.3, "cross")])
def test_the_path_ends_in_the_sign_of_what_ended_it(lr, shown):
    box = (-3.0, 3.0, -2.0, 2.0)
    panel = SurfacePath([View(ravine(10.0), box, [(0.0, 0.0)])], lambda *_: 0, steps=100)
    descent = run(lr)
    panel.show(descent, 0)
    signs = {"star": panel.star, "square": panel.square, "cross": panel.cross}
    points = {name: np.array(sign.get_xydata())[0] for name, sign in signs.items()}
    assert [name for name, point in points.items() if np.isfinite(point).all()] == [shown]
    x, y = points[shown]
    if shown == "cross":  # on the border, on the line between two points of the path
        assert max(abs(x) / 3, abs(y) / 2) == pytest.approx(1.0)
        ends = descent.path[0, : descent.diverged_at[0] + 1] - points[shown]
        assert np.abs(np.linalg.det(np.stack([ends[:-1], ends[1:]], 1))).min() < 1e-9
    else:
        step = descent.reached_at[0] if shown == "star" else -1
        assert (x, y) == tuple(descent.path[0, step])


def test_the_split_curves_add_up_to_the_loss_and_the_star_is_on_it(lab):
    shown = lab.set(lr=0.13, kappa=5.0)
    panel = lab.panels[1]
    with DRAW_LOCK:  # the lab's own thread draws on the same panel
        panel.show(shown, 0)
        along, across, best = (np.asarray(line.get_ydata()) for line in panel.lines)
        step, loss = np.array(panel.star.get_xydata())[0]
    np.testing.assert_allclose(along + across, shown.loss[0], rtol=1e-9)
    np.testing.assert_allclose(best[1:] / best[:-1], ((5 - 1) / (5 + 1)) ** 2)
    assert (step, loss) == (shown.reached_at[0], shown.loss[0, int(step)])
    assert loss <= 1e-6 < shown.loss[0, int(step) - 1]


@pytest.mark.parametrize(("lr", "kappa"), [(0.05, 10.0), (0.16, 10.0), (0.22, 10.0), (0.018, 100.0)])
def test_the_measured_factor_is_the_one_of_theory(lr, kappa):
    slower = max(abs(1 - lr), abs(1 - lr * kappa))
    assert measured_factor(run(lr, kappa).loss[0]) == pytest.approx(slower, rel=2e-2)


def test_a_curve_too_short_to_be_measured_is_not():
    assert np.isnan(measured_factor(run(4.0, 100.0).loss[0]))
    assert np.isnan(measured_factor(np.zeros(101)))


def test_each_kappa_has_its_own_background(lab):
    pictures = [scene["background"] for scene in lab.figures[0].backgrounds]
    assert len(set(pictures)) == len(KAPPA.values)
    assert lab.panels[0].scene(lab.set(kappa=50.0), 0) == KAPPA.index(50.0)


@pytest.mark.parametrize("kappa", [10.0, 30.0, 100.0])
def test_the_fields_of_the_map_are_what_the_roots_say(kappa):
    for lr in np.geomspace(0.005, 0.5, 25) * 1.0001:  # off the borders
        for momentum in np.linspace(0.01, 0.97, 25):
            flat, steep = (np.array(momentum_roots(c, lr, momentum)) for c in (1.0, kappa))
            if np.abs([flat, steep]).max() >= 1:
                expected = "diverges"
            elif (steep.imag == 0).all() and steep.real.max() < 0:
                expected = "zigzags"
            else:
                expected = "creeps" if (flat.imag == 0).all() else "swings"
            assert phase(kappa, lr, momentum) == expected, (lr, momentum)


# ---------------------------------------------------------------- theory's marks on the sliders


def test_a_stop_is_marked_where_the_handle_stands_on_it():
    for index in (0, 7, len(ALPHA.values) - 1):
        assert position(ALPHA, ALPHA.values[index]) == pytest.approx(index / (len(ALPHA.values) - 1))


def test_between_two_stops_the_logarithm_decides_and_beyond_the_ends_nothing_is():
    rates = Param("lr", "α", "rate", (0.001, 0.1, 1.0), 0.1)  # unevenly spaced: two decades, then one
    assert position(rates, 0.01) == pytest.approx(0.25)
    assert position(rates, 0.1 * 10**0.5) == pytest.approx(0.75)
    assert position(rates, 2.0) == np.inf
    assert position(rates, 1e-4) == -np.inf
    assert position(Param("p", "p", "p", (0.0, 1.0), 0.0), 0.3) == pytest.approx(0.3)  # no logarithm of 0


def test_the_marks_follow_kappa_and_only_those_on_the_track_are_shown():
    table = marks_table(ALPHA, [KAPPA])
    assert len(table) == len(KAPPA.values)
    for kappa, marks in zip(KAPPA.values, table, strict=True):
        best, lost = marks
        assert best["from"] == best["to"] == pytest.approx(position(ALPHA, 2 / (1 + kappa)))
        assert (lost["from"], lost["to"]) == (pytest.approx(position(ALPHA, 2 / kappa)), 1.0)
    beyond = Param(
        "lr", "α", "rate", (1.0, 2.0), 1.0, marks=lambda: {"a": 0.5, "b": (3.0, 9.0), "c": (0.1, 1.5)}
    )
    assert marks_table(beyond, []) == [
        [{"label": "c 0.1", "from": 0.0, "to": pytest.approx(0.585, abs=1e-3)}]
    ]


def test_marks_that_name_no_slider_are_refused():
    param = Param("lr", "α", "rate", (1.0, 2.0), 1.0, marks=lambda kappa: {"best": kappa})
    with pytest.raises(ValueError, match=r"lr: marks=\['kappa'\]"):
        SliderMarks(param, [])


def test_only_a_slider_with_marks_has_a_strip():
    controls = [Control(ALPHA), Control(KAPPA)]
    for control in controls:
        control.mark(controls)
    assert [control.marks is None for control in controls] == [False, True]
    assert controls[0].marks.sliders == [controls[1].slider]
    for control in controls:
        control.close()


def test_the_names_on_the_controls_are_those_of_the_surfaces_and_rules():
    assert SURFACE.values == tuple(SURFACES)
    assert set(RULE.values) == {"sgd", "momentum"}


# ---------------------------------------------------------------- the notebook's exercise


def test_the_solution_of_the_exercise_is_right_and_each_mistake_gets_its_own_hint():
    exercise = EXERCISES["descent"]
    written = {}
    exec(exercise.solution, written)
    assert judge(exercise, written["descent"])[0] == "right"
    for mistake in exercise.mistakes:
        assert judge(exercise, mistake.function) == ("wrong", mistake.hint)


# ---------------------------------------------------------------- in a browser

MARKS = """() => {
    const [alpha] = document.querySelectorAll(".optlab-control");
    const box = (part) => alpha.querySelector(part).getBoundingClientRect();
    const middle = (part) => (box(part).left + box(part).right) / 2;
    return {
        handle: middle(".noUi-handle"),
        tick: middle(".optlab-tick"),
        band: box(".optlab-band").left,
        labels: alpha.querySelector(".optlab-marks").getAttribute("aria-label"),
    };
}"""


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 800])
def test_marks_stand_under_the_stops_they_mean_and_move_while_the_kernel_is_busy(open_notebook, width):
    cells = ["from optlab.course import labs\nlab = labs.descent_lab()\nlab.set(kappa=1.0, lr=1.0)\nlab"]
    notebook = open_notebook([*cells, "import time\ntime.sleep(8)"], width=width)
    notebook.run_cell(0)
    notebook.page.wait_for_selector(".optlab-band")
    alpha, kappa = notebook.page.locator(".noUi-handle").nth(0), notebook.page.locator(".noUi-handle").nth(1)
    at_one = notebook.page.evaluate(MARKS)
    assert at_one["labels"] == "best 1; diverges above 2"
    assert at_one["tick"] == pytest.approx(at_one["handle"], abs=1.0)  # at κ = 1 the best α is 1

    notebook.start_cell(1)
    kappa.press("End")
    alpha.press("Home")
    for _ in range(ALPHA.index(0.02)):
        alpha.press("ArrowRight")
    at_hundred = notebook.page.evaluate(MARKS)
    assert notebook.is_running(1)
    assert at_hundred["labels"] == "best 0.0198; diverges above 0.02"
    assert at_hundred["band"] == pytest.approx(at_hundred["handle"], abs=1.0)


@pytest.mark.browser
def test_the_words_of_two_marks_never_cover_each_other(open_notebook):
    notebook = open_notebook(["from optlab.course import labs\nlabs.momentum_lab()"])
    notebook.run_cell(0)
    notebook.page.wait_for_selector(".optlab-band")
    kappa = notebook.page.locator(".noUi-handle").nth(2)
    beta = notebook.page.locator(".noUi-handle").nth(1)
    for slider, key in ((beta, "Home"), (kappa, "Home"), (beta, "End"), (kappa, "End"), (beta, "Home")):
        slider.press(key)
        words = [word.bounding_box() for word in notebook.page.locator(".optlab-mark").all()[:2]]
        left, right = sorted(words, key=lambda box: box["x"])
        assert left["x"] + left["width"] < right["x"]
