"""The contract of every lab: no setting breaks it, goals can be reached, closed it leaves nothing behind."""

import ast
import re
import sys
import threading
from functools import cache
from inspect import signature

import made_up
import numpy as np
import pytest
from corners import Corner
from goal_rules import POSSIBLE, failing, moves, reached_by, unsaid, untested
from ipywidgets.widgets.widget import _instances
from made_once import made_once
from matplotlib.textpath import TextPath
from printed_programs import said

from optlab.course import labs
from optlab.course.common.goal_lines import GID
from optlab.course.distributed_training.critical_batch import critical_runs
from optlab.course.edge_of_stability.adam_edge import adam_edge_runs
from optlab.course.edge_of_stability.edge import edge_runs
from optlab.course.learning_rate_decay.race import race
from optlab.course.new_algorithms.rate_transfer import transfer_runs
from optlab.course.new_algorithms.rivals import rivals
from optlab.course.open_questions.boundary import zoom_runs
from optlab.course.outline import goals_of
from optlab.live.dots import Sheet
from optlab.live.pages import FramePage
from optlab.live.printed import read
from optlab.live.source import Table
from optlab.live.state import read_state

INPUTS = {
    "adam_edge_lab": lambda: made_once(adam_edge_runs),
    "boundary_lab": lambda: made_once(zoom_runs, pixels=48),
    "compile_lab": lambda: made_up.COMPILED,
    "critical_batch_lab": lambda: made_once(critical_runs),
    "data_parallel_lab": made_up.made_up_times,
    "deploy_lab": made_up.made_up_deployments,
    "edge_lab": lambda: made_once(edge_runs),
    "local_sgd_lab": made_up.made_up_runs,
    "race_lab": race,
    "rate_transfer_lab": lambda: made_once(transfer_runs),
    "rivals_lab": lambda: made_once(rivals),
    "roofline_lab": made_up.made_up_roofline,
}
"""What some labs are made of, to be run once; measurements of this machine are made up."""
EVERYDAY = 0.25
"""A goal that more settings reach than this fraction asks nothing."""
MADE_UP = {"local_sgd_lab", "shape_lab"}
"""Labs whose figures show, in these tests or in part, what is not computed but measured or made up."""
MEASURED = {"compile_lab", "data_parallel_lab", "deploy_lab", "pruning_lab", "roofline_lab"}
"""Labs of times; their lessons' tests run the programs."""
TAME = {
    "adam_edge_lab": {"steps": 200},
    "edge_lab": {"steps": 300},
    "fork_lab": {"epochs": 4},
    "race_lab": {"epochs": 3},
    "rate_transfer_lab": {"power": -7},
}
"""Runs that rounding does not part, or not yet; a shorter one begins as the whole one does."""
IMPORTS = {"torch", "sklearn", "numpy", *sys.stdlib_module_names}
NOT_IN_THE_PROGRAM = {
    "adaptive_lab": {"lr"},
    "batch_lab": {"axis", "sample_cost"},
    "boundary_lab": {"zoom"},
    "difference_lab": {"h"},
    "double_descent_lab": {"features"},
    "merging_lab": {"members"},
    "moons_lab": {"test"},
    "noise_lab": {"batch_size"},
    "rivals_lab": {"rates"},
}
"""Sliders that only choose what is shown of a run, or what leads to another setting of its program."""
ONE_AFTER_THE_OTHER = {"edge_lab", "imbalance_lab", "precision_lab", "shape_lab", "two_ways_lab"}
"""Labs whose goals are each reached by one slider."""
LONG = {"race_lab": 62, "rivals_lab": 110}
"""Programs that write out many update rules or schedules, and how many lines they may have."""


def make(name, **options):
    return getattr(labs, name)(*([input_of(name)] if name in INPUTS else []), **options)


@cache
def input_of(name):
    return INPUTS[name]()


class Made:
    """A lab, and what it shows: of a `Table` every setting, of a `Lazy` grid the ends of every slider."""

    def __init__(self, name):
        self.name, self.lab = name, make(name)
        self.grid, table = self.lab.grid, isinstance(self.lab.source, Table)
        self.slots = list(range(self.grid.size)) if table else ends_of(self.grid)
        self.record = self.lab.source.run(self.grid.settings(self.slots))
        self.frames = [plot.frames(self.record) for plot in self.lab.plots]
        self.whole = table


def ends_of(grid):
    """The default, the slots with one slider at an end, and the one with all at their last."""
    here, last = grid.indices(grid.default), [n - 1 for n in grid.shape]
    ends = [[*here[:axis], k, *here[axis + 1 :]] for axis, n in enumerate(grid.shape) for k in (0, n - 1)]
    return list(dict.fromkeys(grid.slot(indices) for indices in [here, *ends, last]))


@pytest.fixture(scope="module", params=labs.names())
def made(request):
    made = Made(request.param)
    yield made
    made.lab.close()


def test_every_setting_is_shown_and_heard(made):
    """Overflow, NaN, step 0, sums without a limit, a start on the minimum: none may raise or warn."""
    for plot, frames in zip(made.lab.plots, made.frames, strict=True):
        assert len(frames) == len(made.slots)
        assert all(words.strip() and "\n" not in words for words in frames.labels)
        assert set(frames.scenes) <= set(range(max(1, len(plot.scenes))))
    heard = set(zip(*(frames.labels for frames in made.frames), strict=True))
    assert len(heard) > 1


def test_every_figure_shows_something_of_every_kind_of_mark(made):
    for plot, frames in zip(made.lab.plots, made.frames, strict=True):
        assert np.isfinite(frames.values).any()
        for mark in plot.marks:
            if hasattr(mark.artist, "get_xdata"):
                assert np.isfinite(plot.values(mark.name, made.record)).any(), mark.name


def test_every_curve_comes_into_the_picture(made):
    """An axis of the wrong limits would leave it empty."""
    for plot in made.lab.plots:
        shown = [limits_of(plot, scene) for scene in range(max(1, len(plot.scenes)))]
        for mark in plot.marks:
            if mark.fixed_x and mark.artist.get_transform() == plot.ax.transData:
                x, y = np.asarray(mark.artist.get_xdata(), float), plot.values(mark.name, made.record)
                inside = [(x >= a) & (x <= b) & (y >= c) & (y <= d) for (a, b), (c, d) in shown]
                assert np.any(inside), mark.name


def test_a_slider_that_is_said_to_make_no_difference_makes_none(made):
    """At two settings that differ in it alone, where it does not apply, all figures are the same."""
    grid, names = made.grid, [param.name for param in made.grid.params]
    for k, param in enumerate(grid.params):
        if param.applies is None:
            continue
        named = list(signature(param.applies).parameters)
        alike = {}
        for row, slot in enumerate(made.slots):
            setting, indices = grid.setting(slot), grid.indices(slot)
            if not param.applies(**{name: setting[name] for name in named}):
                alike.setdefault(tuple(index for i, index in enumerate(indices) if i != k), []).append(row)
        assert set(named) <= set(names)
        for rows in alike.values():
            for frames in made.frames:
                np.testing.assert_array_equal(frames.values[rows], frames.values[rows[:1] * len(rows)])
                assert {frames.texts[row] for row in rows} == {frames.texts[rows[0]]}


def test_it_is_shared_as_a_call_of_its_function(made):
    call = made.lab.toolbar.call
    assert (call["maker"], call["before"]) == (f"labs.{made.name}", "from optlab import labs; ")


def limits_of(plot, scene):
    """The limits of x and y in one of a plot's backgrounds."""
    if plot.scenes:
        plot.scenes[scene]()
    return sorted(plot.ax.get_xlim()), sorted(plot.ax.get_ylim())


def corners_of(made):
    """Each plot at every corner of its lab: the default, the ends of every slider, all at their first."""
    first = made.grid.slot([0] * len(made.grid.shape))
    wanted = {*ends_of(made.grid), first}
    rows = [row for row, slot in enumerate(made.slots) if slot in wanted]
    for plot, frames in zip(made.lab.plots, made.frames, strict=True):
        for row in rows:
            yield made.grid.setting(made.slots[row]), Corner(plot, frames, row)


def test_every_corner_shows_something_or_says_why(made):
    silent = [setting for setting, corner in corners_of(made) if not corner.says_something()]
    assert silent == []


def test_no_text_lies_over_another_and_no_curve_runs_through_a_legend(made):
    found = {}
    for setting, corner in corners_of(made):
        for pair in [*corner.overlaps(), *corner.curves_through_the_legend()]:
            found.setdefault(pair, setting)
    assert found == {}


def test_the_longest_words_of_all_settings_fit_their_figure(made):
    found = []
    for plot, frames in zip(made.lab.plots, made.frames, strict=True):
        longest = sorted(range(len(made.slots)), key=lambda row: longest_line(frames.texts[row]))[-2:]
        found += [cut for row in longest for cut in Corner(plot, frames, row).overlaps()]
    assert found == []


def longest_line(texts):
    return max((len(line) for text in texts for line in text.split("\n")), default=0)


@pytest.mark.parametrize("width", [460, 357])
def test_no_label_is_cut(made, width):
    """At the width that a figure is made for, and in the narrowest column that a lab gives one."""
    row = made.slots.index(made.grid.default)
    corners = [Corner(plot, frames, row) for plot, frames in zip(made.lab.plots, made.frames, strict=True)]
    wide = [corner for corner in corners if corner.plot.figure.get_figwidth() <= 5]
    assert [corner.cut_at(width) for corner in wide] == [[]] * len(wide)


def test_no_sliders_name_is_cut(made):
    """Names stand in a column of 130 px, in letters of 13."""
    for param in made.grid.params:
        name = TextPath((0, 0), f"{param.label} {param.symbol}".strip(), size=13)
        assert name.get_extents().width <= 130, param.label


def test_axes_side_by_side_begin_and_end_at_the_same_heights(made):
    """All but pictures, which have no axes, and figures of another shape."""
    alike = {}
    for plot in made.lab.plots:
        place = plot.ax.get_position()
        if plot.ax.axison:
            alike.setdefault(tuple(plot.figure.get_size_inches()), set()).add(
                (round(place.y0, 6), round(place.y1, 6))
            )
    assert {len(places) for places in alike.values()} <= {1}


def test_a_film_counts_single_steps(made):
    assert re.fullmatch(r"(?:[a-z]+[a-rt-z])?", made.lab.toolbar.unit)  # "Play the run epoch by epoch"


def test_a_setting_alone_is_drawn_as_in_the_table(made):
    """A mark that shows another row than its own would be found out here."""
    for row in {0, len(made.slots) // 2, len(made.slots) - 1}:
        one = made.record.select(row)
        for plot, frames in zip(made.lab.plots, made.frames, strict=True):
            np.testing.assert_array_equal(plot.frames(one).values, frames.values[row : row + 1])


def test_every_goal_says_what_its_test_looks_at(made):
    """The settings in `where` are in the text, and a number that the text gives to a slider is in `where`."""
    params = {param.name: param for param in made.grid.params}
    for goal in made.lab.goals:
        assert unsaid(params, goal) == [], goal.text
        assert untested(params, goal) == [], goal.text


def test_every_goal_can_be_reached_but_not_at_the_start_nor_by_chance_nor_by_a_run_that_fails(made):
    """Of a grid that is too large to try, some settings of those that the goal is about; its lesson's tests
    keep one that reaches it."""
    begin = made.lab.source.run(made.grid.settings([made.grid.default]))
    assert not reached_by(made.lab.goals, begin).any()
    film = any(plot.film for plot in made.lab.plots)
    for goal in made.lab.goals:
        record = made.record if made.whole else made.lab.source.run(drawn(made.grid, goal))
        reached = reached_by([goal], record)[:, 0]
        assert not (film and (reached & failing(record)).any()), goal.text
        if made.whole:
            assert reached.mean() <= EVERYDAY, goal.text
            assert reached.any() != goal.text.endswith(POSSIBLE), goal.text


def drawn(grid, goal, most=40):
    """Settings that a goal is about, the same each time."""
    rng = np.random.default_rng(0)
    slots = np.unique([aimed(grid, goal, rng.integers(0, grid.shape)) for _ in range(most)])
    return grid.settings(slots)


def aimed(grid, goal, indices):
    """The slot of these indices, but for the sliders that a goal is about."""
    at = {param.name: k for k, param in enumerate(grid.params)}
    for name, value in goal.where.items():
        indices[at[name]] = grid.params[at[name]].index(value)
    return grid.slot(indices)


def test_some_goals_take_more_than_one_slider(made):
    """In a lab with several sliders and several goals."""
    if not made.whole or len(made.grid.params) < 2 or len(made.lab.goals) < 2:
        pytest.skip("one slider or one goal, or too many settings to try")
    reached = reached_by(made.lab.goals, made.record).T
    fewest = [moves(made.grid, np.flatnonzero(row)).min() for row in reached if row.any()]
    assert max(fewest) > 1 or made.name in ONE_AFTER_THE_OTHER


def test_a_goals_line_lies_inside_its_axes(made):
    lines = [line for plot in made.lab.plots for line in plot.ax.lines if line.get_gid() == GID]
    for line in lines:
        (low, high), y = sorted(line.axes.get_ylim()), line.get_ydata()[0]
        assert low < y < high


def test_its_module_declares_its_goals(made):
    """So that they can be counted without making it."""
    assert goals_of(made.name) == [goal.text for goal in made.lab.goals]


def test_another_begins_where_this_one_stands_and_closed_it_leaves_nothing(made):
    slot = made.slots[-1] if made.slots[-1] != made.grid.default else made.slots[0]
    made.lab.set(**made.grid.setting(slot))
    state = made.lab.state
    made.lab.reset()
    assert read_state(made.grid, state, made.lab.toolbar.last).slot == slot
    before, threads = widgets(), set(threading.enumerate())
    other = make(made.name, state=state, goals=())
    assert other.settings == made.grid.setting(slot)
    assert other.goals == ()
    other.close()
    assert widgets() == before
    for thread in set(threading.enumerate()) - threads:
        thread.join(timeout=60)  # it ends with the chunk that it is at
        assert not thread.is_alive()


def test_its_picture_is_a_png(made):
    assert made.lab.png().startswith(b"\x89PNG")


def test_its_program_is_short_complete_and_plain(made):
    if made.lab.program is None:
        pytest.skip("this lab offers no program")
    for slot in ends_of(made.grid):
        program = made.lab.program(made.grid.setting(slot))
        tree = ast.parse(program)
        assert ast.get_docstring(tree)
        assert "optlab" not in program
        assert len(program.splitlines()) <= LONG.get(made.name, 60)
        assert max(map(len, program.splitlines())) <= 110
        assert imports_of(tree) <= IMPORTS
    unused = {param.name for param in made.grid.params} - set(made.lab.program.names)
    assert unused == NOT_IN_THE_PROGRAM.get(made.name, set())


def test_what_its_program_prints_has_a_place_in_the_figures(made):
    """Under the names of their curves and axes, and where the lab's own run is."""
    if made.lab.program is None or made.name in MEASURED:
        pytest.skip("it has no program, or measures this machine")
    setting = made.grid.setting(made.grid.default) | TAME.get(made.name, {})
    slot = made.grid.slot([param.index(setting[param.name]) for param in made.grid.params])
    sheet = Sheet(made.lab.plots, made.record.select(made.slots.index(slot)))
    dots = sheet.dots(read(said(made.lab.program(setting))))
    apart = [dot.difference for dot in dots if dot.difference is not None]
    assert apart
    assert made.name in MADE_UP or np.quantile(apart, 0.9) < 1e-3


def imports_of(tree):
    """The packages that a program imports."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    froms = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in [*froms, *(a.name for node in imports for a in node.names)]}


def widgets():
    """All that are open, but for pages: another lab may be filling its own."""
    return {key for key, widget in _instances.items() if not isinstance(widget, FramePage)}


@pytest.mark.parametrize("name", labs.names())
def test_it_can_be_made_without_arguments(name):
    parameters = signature(getattr(labs, name)).parameters.values()
    assert all(p.default is not p.empty or p.kind is p.VAR_KEYWORD for p in parameters)
    assert any(p.kind is p.VAR_KEYWORD for p in parameters), "it needs **options: use @course_lab"
