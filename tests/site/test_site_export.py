"""What a page gets of a lab: its files hold, bit for bit, what the kernel has; programs read as they did."""

import json
from pathlib import Path

import nbformat
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ipywidgets.widgets import widget as widgets

from optlab import Film, Goal, Lab, Param, Plot, Program, Record, Table
from optlab.live.maps import Map
from optlab.live.packing import rounded, unpack
from optlab.live.predict import predict
from optlab.live.program import START
from optlab.live.sketch import Axis, told
from optlab.params import BATCH_SIZE, DELTA, L2, LR, Grid
from optlab.site.coarse import coarser
from optlab.site.drawn import drawn, numbers_in
from optlab.site.frames import packed_frames
from optlab.site.kernel import near
from optlab.site.models import export
from optlab.site.questions import asked, begun
from optlab.site.running import CellFailedError, keep_words, lesson_key, run_lesson
from optlab.site.solutions import solutions
from optlab.site.texts import factored, text_at

SKETCHES = json.loads((Path(__file__).parents[1] / "js" / "sketches.json").read_text("utf-8"))
"""What `tests/js/site.test.js` holds the browser to."""
X = np.arange(5)
RATE = Param("rate", "r", "rate", (0.1, 0.5, 1.0), 0.5)
KIND = Param("kind", "", "kind", ("round", "<b>flat</b>"), "round")


def run(asked):
    return Record(asked)


def curves(record):
    return np.pi * record.settings["rate"][:, None] ** X


@pytest.fixture
def lab(tmp_path):
    path = tmp_path / "one_program.py"
    path.write_text(f"{START}\nrate = 0.5\nkind = 'round'  # as asked\n\nprint(rate)\n", encoding="utf-8")
    plot = Plot(film=Film("step"), xlabel="step", ylabel="loss", ylim=(0, 4))
    plot.line("loss", curves, x=X)
    plot.title(lambda one: f"{one.settings['kind'][0]} at {one.settings['rate'][0]}")
    goal = Goal("all of it", where={"rate": 1.0})
    shown = Map("end", lambda r: curves(r)[:, -1], over=("rate", "kind"))
    lab = Lab([RATE, KIND], Table(run), [plot], goals=[goal], maps=[shown], program=Program(path))
    yield lab
    lab.close()


def _live():
    return list(widgets._instances.values())


def frames_of(out, widget):
    (reference,) = out.models[out.names[widget.model_id]]["state"]["pages"]
    return unpack(out.files[out.frames[reference.removeprefix("IPY_MODEL_")]])


def test_the_files_hold_every_frame_bit_for_bit(lab):
    lab.fill()
    out = export([lab], {one.model_id: one for one in _live()})
    values, header = frames_of(out, lab.figures[0])
    assert header["slots"] == list(range(lab.grid.size))
    record = run(lab.grid.settings(range(lab.grid.size)))
    assert values.tobytes() == rounded(curves(record)).tobytes()
    assert [texts[0] for texts in header["texts"]] == [
        f"{kind} at {rate}" for rate in RATE.values for kind in KIND.values
    ]
    assert header["goals"] == [[rate == 1.0] for rate in RATE.values for _ in KIND.values]
    numbers, places = frames_of(out, lab.maps[0])
    assert places["slots"] == header["slots"]
    assert numbers[:, 0].tobytes() == rounded(curves(record)[:, -1]).tobytes()


def test_what_the_first_slider_comes_to_is_a_file_of_its_own_where_all_of_it_is_large(lab):
    lab.set(kind="<b>flat</b>")
    lab.fill()
    figure = lab.figures[0]
    places = near(lab, figure)
    assert places == [3, 1, 5]  # of rate, the first slider, at a flat kind: from 0.5 on
    whole, halves = packed_frames(figure.pages, places), packed_frames(figure.pages, places, large=0)
    assert [len(whole), len(halves)] == [1, 2]
    (values, header), *parts = (unpack(one.content) for one in (*whole, *halves))
    rows = {
        slot: (row.tobytes(), text)
        for slot, row, text in zip(header["slots"], values, header["texts"], strict=True)
    }
    assert [part["slots"] for _, part in parts] == [[1, 3, 5], [0, 2, 4]]
    for numbers, part in parts:
        for slot, row, text in zip(part["slots"], numbers, part["texts"], strict=True):
            assert (row.tobytes(), text) == rows[slot]
    assert [one.scenes for one in halves] == [[0], [0]]
    few, rest = (unpack(one.content)[1] for one in packed_frames(figure.pages, places, large=0, soon=1))
    assert (few["slots"], rest["slots"]) == ([3], [0, 1, 2, 4, 5])  # no more than finds room, the nearest


def test_the_state_is_json_and_its_files_give_back_every_byte(lab):
    lab.fill()
    live = {one.model_id: one for one in _live()}
    out = export([lab], live)
    models = json.loads(json.dumps(out.models))
    assert not [one for one in models.values() if "_esm" in one["state"]]
    figure = lab.figures[0]
    model = models[out.names[figure.model_id]]
    files = {json.dumps(path): name for path, _, name in model["files"]}
    assert out.files[files['["backgrounds", 0, "background"]']] == figure.backgrounds[0]["background"]
    assert out.files[model["texts"]["_esm"]].decode() == figure._esm
    referred = {
        word
        for one in models.values()
        for word in json.dumps(one["state"]).split('"')
        if word.startswith("IPY_MODEL_")
    }
    assert {word.removeprefix("IPY_MODEL_") for word in referred} <= models.keys() | out.frames.keys()
    assert not [
        name for name in live if name in json.dumps(models)
    ]  # no chance name is left: two builds are alike


def test_the_solution_of_a_goal_moves_few_sliders(lab):
    lab.fill()
    assert solutions(lab) == [{"text": "all of it", "state": "rate=1"}]


def test_the_last_frame_of_a_place_is_the_one_that_stays(lab):
    lab.fill()
    figure = lab.figures[0]
    plot = lab.plots[0]
    figure.add([0], plot.frames(run({"rate": np.array([1.0]), "kind": np.array(["round"])})))
    out = export([lab], {one.model_id: one for one in _live()})
    values, header = frames_of(out, figure)
    assert (header["slots"], header["texts"][0]) == (list(range(6)), ["round at 1.0"])
    np.testing.assert_array_equal(values[0], rounded(np.full((1, 5), np.pi))[0])


def test_a_question_that_is_sketched_begins_before_its_run_and_ends_with_it(lab):
    because = {"question": "Higher?", "options": ["yes", "no"], "answer": "no", "because": "It is not."}
    question = predict(**because, lab=lab, setting={"rate": 1.0}, before={"rate": 0.1}, sketch="loss")
    before = begun(question)
    assert not [key for key in before.values() if "lab" in key]  # the kernel's lab is not taken along
    found = asked(question, {})
    assert found["sketch"]["true"] == pytest.approx(np.full(5, np.pi))
    assert (found["sketch"]["x"], found["sketch"]["limits"]) == (X.tolist(), [0, 4])
    out = export([question.replay], {one.model_id: one for one in _live()}, before)
    figure, player = (
        out.models[out.names[one.model_id]] for one in (question.replay.figures[0], question.replay.player)
    )
    assert [len(at["state"]["pushed"]["slots"]) for at in (figure["begins"], figure)] == [1, 2]
    assert [at["state"]["sketch"]["open"] for at in (figure["begins"], figure)] == [True, False]
    assert [at["state"]["answered"] for at in (player["begins"], player)] == [False, True]
    assert [len(at["state"]["runs"]) for at in (player["begins"], player)] == [1, 2]
    assert "begins" not in out.models[out.names[question.replay.model_id]]
    question.close()


def test_settings_are_run_once_more_for_the_page_to_be_held_to(lab):
    lab.fill()
    found = drawn(lab)
    assert (found["slots"], found["spread"]) == (list(range(6)), [0.0] * 6)
    assert found["states"][5] == "rate=1, kind=<b>flat</b>"
    assert found["stops"] == [list(lab.grid.indices(slot)) for slot in range(6)]
    (numbers,) = found["numbers"]
    computed = np.stack([numbers_in(one) for one in numbers])
    np.testing.assert_array_equal(computed, curves(run(lab.grid.settings(range(6)))).astype("f4"))


def test_numbers_that_the_kernel_does_not_give_twice_have_a_spread():
    asked = []

    def noisy(settings):
        asked.append(len(settings["rate"]))
        return Record({**settings, "off": np.full(asked[-1], 1e-3 * len(asked))})

    plot = Plot(xlabel="step", ylabel="loss", ylim=(0, 4))
    plot.line(
        "loss", lambda r: (1 + r.settings["off"] * (r.settings["rate"] == 1))[:, None] * np.ones(5), x=X
    )
    lab = Lab([RATE], Table(noisy), [plot])
    lab.fill()
    spread = drawn(lab)["spread"]
    assert spread[:2] == [0.0, 0.0]
    assert 5e-4 < spread[2] < 2e-3
    assert asked[-1] == 1  # once more, alone
    lab.close()


@pytest.mark.parametrize("case", SKETCHES, ids=lambda case: case["words"][:24] or "nothing")
def test_a_sketch_is_judged_in_the_browsers_words(case):
    target = case["target"]
    true = np.array([np.nan if y is None else y for y in target["true"]])
    axis = Axis(tuple(target["limits"]), target["log"], target["name"])
    assert told(case["drawn"], true, target["x"], axis) == case["words"]


def test_programs_are_put_together_as_the_kernel_writes_them(lab):
    texts = [lab.program(lab.grid.setting(slot)) for slot in range(lab.grid.size)]
    pieces = json.loads(json.dumps(factored(texts, lab.grid.shape)))
    assert [text_at(pieces, lab.grid.shape, lab.grid.indices(slot)) for slot in range(lab.grid.size)] == texts
    assert sum(isinstance(piece, dict) for piece in pieces) == 2  # of all lines, those that differ


@settings(max_examples=50)
@given(st.data(), st.lists(st.integers(1, 3), min_size=1, max_size=3))
def test_texts_of_any_grid_are_what_they_were(data, shape):
    lines = st.lists(st.sampled_from(["a\n", "b\n", "", "c"]), max_size=3).map("".join)
    count = int(np.prod(shape))
    texts = data.draw(st.lists(lines, min_size=count, max_size=count))
    pieces = factored(texts, shape)
    places = [np.unravel_index(k, shape) for k in range(count)]
    assert [text_at(pieces, shape, [int(i) for i in place]) for place in places] == texts


def test_a_coarser_grid_has_its_ends_its_defaults_and_what_is_wanted():
    whole = Grid((LR, DELTA, BATCH_SIZE, L2))
    found = coarser(whole, [{"lr": 1.8, "l2": 0.0}, {"batch_size": 80}], most=500)
    assert 250 < found.size <= 500
    for coarse, fine in zip(found.params, whole.params, strict=True):
        assert set(coarse.values) <= set(fine.values)
        assert list(coarse.values) == sorted(coarse.values)
        assert {fine.values[0], fine.values[-1], fine.default} <= set(coarse.values)
    assert 1.8 in found.params[0].values


def test_names_on_a_slider_all_stay():
    assert coarser(Grid((KIND, LR)), [], most=4).params[0].values == KIND.values


def test_a_cell_that_raises_is_named(tmp_path):
    cells = [nbformat.v4.new_code_cell(source, id=f"cell-{k}") for k, source in enumerate(["1", "1 / 0"])]
    lesson = tmp_path / "07_broken.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), lesson)
    with pytest.raises(CellFailedError, match=r"07_broken.ipynb, cell 2 \(cell-1\)(.|\n)*ZeroDivisionError"):
        run_lesson(lesson, tmp_path / "cache")
    assert not list((tmp_path / "cache").glob("*/notebook.ipynb"))  # it is run again next time


def test_what_is_printed_in_parts_is_one_output(tmp_path):
    parts = "import time\nfor k in range(3):\n    print(k, flush=True)\n    time.sleep(0.3)"
    lesson = tmp_path / "07_parts.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(parts)]), lesson)
    ran = nbformat.read(run_lesson(lesson, tmp_path / "cache") / "notebook.ipynb", as_version=4)
    assert [output.text for output in ran.cells[0].outputs] == ["0\n1\n2\n"]


def test_what_a_machine_prints_stays_as_long_as_the_lesson_does(tmp_path):
    file = tmp_path / "printed.json"

    def shown(words, lesson="08_times-a1", tags=()):
        streams = [nbformat.v4.new_output("stream", text=words), nbformat.v4.new_output("display_data")]
        cells = [nbformat.v4.new_code_cell("f()", id="one", metadata={"tags": [*tags]}, outputs=streams)]
        keep_words(cells, lesson, file)
        assert [output.output_type for output in cells[0].outputs] == ["stream", "display_data"]
        return cells[0].outputs[0].text

    assert [shown("5 ms"), shown("8 ms")] == ["5 ms", "5 ms"]
    assert shown("6 ms", "09_other-b2") == "6 ms"
    assert shown("8 ms", tags=["nbval-check-output"]) == "8 ms"
    assert shown("9 ms", "08_times-c3") == "9 ms"  # it has been changed
    assert list(json.loads(file.read_text("utf-8"))) == ["08_times-c3", "09_other-b2"]


def test_what_has_not_changed_is_not_run_again(tmp_path, monkeypatch):
    lesson = tmp_path / "08_same.ipynb"
    nbformat.write(nbformat.v4.new_notebook(), lesson)
    kept = tmp_path / f"08_same-{lesson_key(lesson)}"
    kept.mkdir()
    (kept / "notebook.ipynb").touch()
    said = []
    assert run_lesson(lesson, tmp_path, said.append) == kept
    assert said == ["08_same: not changed"]
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("new")]), lesson)
    assert lesson_key(lesson) not in kept.name
