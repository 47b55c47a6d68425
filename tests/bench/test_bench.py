"""The benchmark measures what it says: made-up contestants of known ratios, and real ones that agree."""

import math
import time
from dataclasses import replace

import numpy as np
import pytest

from optlab import iris_pair
from optlab.bench import command
from optlab.bench.loops import Problem, article_loop, plain_loop
from optlab.bench.peers import lightning, optlab_train, skorch, vmap_grad
from optlab.bench.report import Report, in_words, table
from optlab.bench.rows import Missing, Row
from optlab.bench.training import FULL, Race, training_rows
from optlab.bench.turns import Effort, measure, stopwatch, take_turns

THREE = Effort(rounds=3, least=3)
LEARNT = (0.02, 0.02, 0.02, 0.051)
"""How far two orders of the batches may lead apart: both losses, accuracy, one flower of the test set."""


def row(name, turn, **more):
    return Row("made up", "a race", name, f"what {name} does", lambda: turn, **more)


def measured(*rows, peaks=None):
    return measure(rows, THREE, peaks or {}, [].append)


def counting(log, name, cost):
    def turn():
        log.append(name)
        return cost

    return turn


def test_all_take_turns_and_the_warming_up_is_not_counted():
    log = []
    costs = take_turns({name: counting(log, name, 1.0) for name in "abc"}, THREE)
    assert "".join(log) == "abc" * 4
    assert costs == dict.fromkeys("abc", [1.0] * 3)


def test_no_round_begins_after_the_time_is_up_but_the_least_are_run():
    effort = Effort(rounds=100, least=2, seconds=0.0)
    assert len(take_turns({"a": lambda: 1.0}, effort)["a"]) == 2


def test_ratios_are_to_the_base_of_the_same_round():
    """The machine slows down from round to round; the ratio does not notice."""
    slow = {"base": iter([9, 1, 2, 30]), "other": iter([9, 3, 6, 90])}
    base, other = (row(name, lambda k=name: float(next(slow[k])), base=name == "base") for name in slow)
    (first, second), absent = measured(base, other)
    assert first.quartiles() == (1, 1, 1)
    assert second.quartiles() == (3, 3, 3)
    assert (first.cost, second.cost, absent) == (2, 6, [])


def test_median_and_quartiles_are_of_the_ratios():
    costs = iter([0, 1, 2, 4, 8, 100])
    rows = [row("base", lambda: 1.0, base=True), row("other", lambda: float(next(costs)))]
    (_, other), _ = measure(rows, Effort(5, 5), {}, [].append)
    assert other.quartiles() == (2, 4, 8)


def test_a_cost_is_that_of_one_part_and_so_is_its_fraction_of_the_peak():
    base = row("base", lambda: 10.0, base=True)
    many = row("many", lambda: 20.0, parts=8, operations=8e6, threads=2)
    (_, found), _ = measured(base, many, peaks={2: 1e9})
    assert found.cost == 2.5
    assert found.quartiles()[1] == 0.25
    assert found.peak == pytest.approx(8e6 / 20e-3 / 1e9)


def test_a_stopwatch_tells_the_milliseconds_of_a_function():
    def busy():
        end = time.perf_counter() + 0.02
        while time.perf_counter() < end:
            pass

    assert stopwatch(busy)() >= 20


def test_whoever_is_not_installed_is_missing_and_the_remedy_is_named():
    base = row("base", lambda: 1.0, base=True)
    results, absent = measured(base, row("other", lambda: 1.0, needs=("no_such_module",)))
    assert [one.name for one in results] == ["base"]
    assert absent == [Missing("other", "no_such_module not installed: pip install 'optlab-course[bench]'")]
    assert "Left out: *other*: no_such_module not installed" in Report({}, results, absent).to_markdown()


def test_a_contestant_that_fails_takes_nobody_with_it():
    def fail():
        raise ValueError("too small\nand more")

    at_once = Row("made up", "a race", "at once", "", fail)
    turns = iter([1.0, math.nan, 2.0, 2.0])
    base = row("base", lambda: 1.0, base=True)
    sometimes = row("sometimes", lambda: next(turns))
    results, absent = measured(base, at_once, row("always", fail), sometimes)
    assert [one.name for one in results] == ["base", "sometimes"]
    assert results[1].ratios == (2.0, 2.0)
    assert absent == [Missing("at once", "ValueError: too small"), Missing("always", "ValueError: too small")]


def test_it_is_said_where_a_contestant_is_missing_unless_it_is_everywhere():
    def fail():
        raise ValueError("no")

    rows = [row("base", lambda: 1.0, base=True), row("peer", fail)]
    others = [replace(one, task="another race") for one in (rows[0], row("peer", lambda: 1.0))]
    assert measured(*rows, *others)[1] == [Missing("peer", "ValueError: no (in a race)")]
    assert measured(*rows)[1] == [Missing("peer", "ValueError: no")]


@pytest.mark.parametrize("bases", [0, 2])
def test_a_race_has_one_base(bases):
    rows = [row(str(k), lambda: 1.0, base=k < bases) for k in range(3)]
    with pytest.raises(ValueError, match=f"'a race': expected one base, found {bases}"):
        measured(*rows)


def test_warnings_of_a_peer_are_not_heard():
    import warnings

    def warn():
        warnings.warn("do otherwise", stacklevel=1)
        return 1.0

    assert len(measured(row("base", warn, base=True))[0]) == 1


# ---------------------------------------------------------------- training


@pytest.mark.parametrize(
    ("make", "needs"),
    [
        (lambda problem: lambda: article_loop(problem), None),
        (skorch, "skorch"),
        (lightning, "lightning"),
        (lambda problem: vmap_grad(problem, 1), None),
        (lambda problem: vmap_grad(problem, 3), None),
        (lambda problem: optlab_train(problem, 1, "autograd"), None),
        (lambda problem: optlab_train(problem, 3, "autograd"), None),
        (lambda problem: optlab_train(problem, 1, "compiled"), None),
        (lambda problem: optlab_train(problem, 3, "compiled"), None),
        (lambda problem: optlab_train(problem, 3, "compiled", sequential=True), None),
    ],
)
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_all_train_the_same_network_on_the_same_data(make, needs):
    if needs:
        pytest.importorskip(needs)
    problem = Problem(iris_pair(), (4, 16, 2), 16, 100)
    assert (np.abs(np.subtract(make(problem)(), plain_loop(problem))) <= LEARNT).all()


def test_a_race_has_every_contestant_and_each_of_many_is_a_part():
    rows = training_rows([Race("iris", 16, 1, 10), Race("iris", 16, 100, 10, 2)])
    one, many = ([one for one in rows if one.task == task] for task in dict.fromkeys(r.task for r in rows))
    assert [r.name for r in one][:4] == ["article's loop", "without DataLoader", "skorch", "Lightning"]
    assert {r.parts for r in one} == {1}
    assert [r.parts for r in many] == [1, 100, 100, 100, 100]
    assert {r.threads for r in many} == {2}


def test_the_arithmetic_is_counted_as_by_hand():
    """One epoch of 80 flowers, and 100 to evaluate: 96 weights forward, for dW and (32 of them) for dX."""
    problem = Problem(iris_pair(), (4, 16, 2), 16, 1)
    assert problem.operations == 80 * 2 * (96 + 96 + 32) + 100 * 2 * 96


def test_what_the_issue_asks_for_is_measured():
    """One setting at batch 16 and at 1; each of 1,024 at both; each of 256 on the digits."""
    asked = {("iris", 16, 1), ("iris", 1, 1), ("iris", 16, 1024), ("iris", 1, 1024), ("digits", 16, 256)}
    for threads in (1, 2):
        assert asked <= {(r.data, r.batch_size, r.settings) for r in FULL if r.threads == threads}


# ---------------------------------------------------------------- the report


def report():
    results, absent = measured(
        row("base", lambda: 1000.0, base=True),
        row("fast", lambda: 2.0, operations=1e6),
        row("away", lambda: 1.0, needs=("no_such_module",)),
        peaks={1: 1e10},
    )
    return Report({"processor": "made up"}, results, absent)


def test_a_report_goes_through_json_unchanged():
    there = report()
    back = Report.from_json(there.to_json())
    assert back.to_json() == there.to_json()
    assert back.to_markdown() == there.to_markdown()


@pytest.mark.parametrize("text", ["{}", "[1]", '{"machine": {}, "results": [{}], "missing": []}', "no"])
def test_what_is_no_report_is_refused(text):
    with pytest.raises(ValueError, match=r"no report|Expecting"):
        Report.from_json(text)


def test_the_table_says_ratio_spread_cost_and_peak():
    lines = table(report().results).splitlines()
    assert len({len(line) for line in lines if "**" not in line}) == 1
    assert [word.strip() for word in lines[-1].split("|")] == [
        "", "", "fast", "1/500", "1/500 to 1/500", "2.0 ms", "5 %", "",
    ]  # fmt: skip
    assert "Measured on: processor made up." in report().to_markdown()


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (1, "1"),
        (0.999, "1.0"),
        (1.04, "1.0"),
        (0.5, "1/2.0"),
        (1 / 1234, "1/1,234"),
        (37.2, "37"),
        (0.0, "0.0"),
    ],
)
def test_a_ratio_in_words(ratio, words):
    assert in_words(ratio) == words


# ---------------------------------------------------------------- the command


def test_the_command_writes_and_draws_again_what_it_has_measured(tmp_path, capsys):
    file = tmp_path / "bench.json"
    file.write_text(report().to_json())
    assert command.main(["--from", str(file), "--out", str(tmp_path / "again")]) == 0
    there = {one.name: one.read_bytes() for one in (tmp_path / "again").iterdir()}
    assert sorted(there) == ["bench-dark.png", "bench-light.png", "bench.json", "bench.md"]
    assert there["bench-dark.png"].startswith(b"\x89PNG")
    assert there["bench-dark.png"] != there["bench-light.png"]
    assert there["bench.json"].decode() == file.read_text()
    assert there["bench.md"].decode().strip() == capsys.readouterr().out.strip()
