"""What travels to the browser: rounded so little that no point moves, and shared frames once."""

import ipywidgets
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from optlab.course.worked_example.training_lab import RATE, training_lab
from optlab.live.frames import Frames
from optlab.live.lab import Lab
from optlab.live.packing import COARSE, EXACT, bytes_for, pack, rounded, unpack
from optlab.live.pages import FramePage
from optlab.live.places import Places
from optlab.live.plots import Plot
from optlab.live.source import Table
from optlab.params import Grid, Param
from optlab.record import Record

PIXELS = 1000
"""No axis of a lab is longer."""
ends = st.floats(-1e6, 1e6, width=32)


def on_canvas(values, low, high, log):
    """Where values stand on an axis, in pixels."""
    scale = np.log10 if log else np.asarray
    values, low, high = (scale(np.asarray(v, np.float64)) for v in (values, low, high))
    return PIXELS * (values - low) / (high - low)


@example(0.0, 1.1152191789375127e-39, 0)  # numbers with fewer significant bits
@given(ends, ends, st.integers(0, 2**32))
def test_no_point_moves_by_more_than_an_eighth_of_a_pixel(one, other, seed):
    low, high = sorted((one, other))
    if low == high:
        return
    values = np.random.default_rng(seed).uniform(low, high, 50).astype(np.float32)
    log = low > 0 and seed % 2 == 0
    sent, _ = unpack(pack(values[None], {}, bytes_for([(low, high, log)])))
    moved = on_canvas(sent[0], low, high, log) - on_canvas(values, low, high, log)
    assert np.abs(moved).max() <= 1 / 8


@given(arrays(np.float32, (3, 7), elements=st.floats(width=32)))
def test_what_is_sent_exactly_comes_back_bit_for_bit_and_gaps_stay_gaps(values):
    exact, _ = unpack(pack(values, {}, EXACT))
    assert exact.tobytes() == values.tobytes()
    coarse, header = unpack(pack(values, {"slots": [1, 2, 3]}, COARSE))
    np.testing.assert_array_equal(coarse, rounded(values))
    np.testing.assert_array_equal(np.isnan(coarse), np.isnan(values))
    assert header["slots"] == [1, 2, 3]


@given(st.integers(0, 2**16))
def test_the_steps_of_a_film_are_not_rounded(step):
    assert rounded(np.float32([step]))[0] == step


# ---------------------------------------------------------------- frames that settings share

A, B = Param("a", "a", "a", (1, 2, 3), 1), Param("b", "b", "b", (10, 20), 10)


def lab_with_a_shared_figure(run=Record):
    whole, shared = Plot(ylim=(0, 50)), Plot(ylim=(0, 5), depends_on=("a",))
    x = np.arange(2)
    whole.line("both", lambda r: (r.settings["a"] + r.settings["b"])[:, None] + x, x=x)
    shared.line("a alone", lambda r: r.settings["a"][:, None] + x, x=x)
    return Lab([A, B], Table(run), [whole, shared])


def test_a_figure_that_depends_on_some_sliders_sends_each_picture_once():
    lab = lab_with_a_shared_figure()
    lab.fill()
    whole, shared = ([slot for page in figure.pages for slot in page.slots] for figure in lab.figures)
    assert sorted(whole) == list(range(6))
    assert sorted(shared) == [0, 1, 2]
    rows = {
        slot: row
        for page in lab.figures[1].pages
        for slot, row in zip(page.slots, np.frombuffer(page.data, "<f4").reshape(-1, 2), strict=True)
    }
    for slot in range(lab.grid.size):
        (place,) = Places(lab.grid, ("a",))([slot])
        a = lab.grid.setting(slot)["a"]
        np.testing.assert_array_equal(rows[place], [a, a + 1])
    lab.close()


def test_a_setting_that_fails_does_not_take_the_place_of_a_picture_that_others_share():
    def run(settings):
        if np.any((settings["a"] == 2) & (settings["b"] == 10)):
            raise ZeroDivisionError("boom")
        return Record(settings)

    lab = lab_with_a_shared_figure(run)
    lab.fill()
    (page,) = [page for page in lab.figures[1].pages if 1 in page.slots]
    assert page.labels[page.slots.index(1)] == ""  # the plot's own, not the failure in words
    assert lab.figures[1].slots == {0, 1, 2}
    lab.close()


def test_sliders_that_a_figure_does_not_have_are_refused():
    with pytest.raises(ValueError, match="depends_on has 'c': expected names of sliders, of a, b"):
        Places(Grid((A, B)), ("c",))
    with pytest.raises(TypeError, match="depends_on='a'"):
        Plot(depends_on="a")
    with pytest.raises(ValueError, match="one that depends on every slider"):
        Lab([A, B], Table(Record), [Plot(depends_on=("a",))])


@given(st.data())
def test_settings_share_a_place_exactly_if_they_agree_in_the_sliders_that_count(data):
    grid = Grid(tuple(Param(f"x{k}", "", "", tuple(range(n)), 0) for k, n in enumerate((3, 1, 4, 2))))
    names = data.draw(st.sets(st.sampled_from([p.name for p in grid.params])))
    slots = range(grid.size)
    places = Places(grid, sorted(names))(slots)
    seen = [tuple(grid.setting(slot)[name] for name in sorted(names)) for slot in slots]
    assert len(set(zip(places, seen, strict=True))) == len(set(places)) == len(set(seen))


# ---------------------------------------------------------------- section 4's lab


@pytest.mark.slow
def test_the_rates_of_section_4_depend_on_three_sliders_only():
    """Where the run diverges, too."""
    lab = training_lab(epochs=5)
    grid, rng = lab.grid, np.random.default_rng(0)
    slots = rng.choice(grid.size, 300, replace=False).tolist()
    others = [
        grid.slot([*grid.indices(slot)[:3], *(int(rng.integers(n)) for n in grid.shape[3:])])
        for slot in slots
    ]
    there, here = (lab.source.run(grid.settings(some)) for some in (others, slots))
    for one, other in zip(lab.plots[1].frames(here).values, lab.plots[1].frames(there).values, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6)
    assert lab.plots[1].depends_on == RATE
    assert len(set(Places(grid, RATE)(range(grid.size)))) == 816
    lab.close()


def test_another_schedule_may_have_rates_of_its_own_at_every_setting():
    lab = training_lab(epochs=1, schedule_per="step")
    assert lab.plots[1].depends_on is None
    lab.close()


def test_a_page_of_frames_is_a_model_that_no_front_end_loads_a_module_for():
    """A lab has hundreds; on a slow page those that took two seconds were rejected, each with an error."""
    page = FramePage([3, 4], Frames(np.ones((2, 5), np.float32), [(), ()], ["a", "b"], [0, 0]))
    state = page.get_state()
    image = ipywidgets.Image()
    model = ("_model_name", "_model_module", "_model_module_version")
    assert {name: state[name] for name in model} == {name: image.get_state()[name] for name in model}
    assert "_esm" not in state
    assert state["value"] == page.packed  # the one trait whose bytes that model saves with a notebook
    page.close()
    image.close()
