"""The short form of the benchmark, without its browser part, from beginning to end."""

from optlab.bench import command, training, watching

SMALL = [training.Race("iris", 16, 1, 5), training.Race("iris", 16, 64, 2)]


def test_a_short_run_has_every_row_and_says_who_is_missing(capsys, monkeypatch):
    """Every part but the one that needs a browser, and of the trainings the smallest and shortest."""
    monkeypatch.setattr(training, "QUICK", SMALL)
    rows = watching.watching_rows
    monkeypatch.setattr(watching, "watching_rows", lambda kernel, epochs: rows(kernel, min(epochs, 2)))
    assert command.main(["--quick", "--only", "training", "watching", "growth"]) == 0
    out, err = capsys.readouterr()
    for name in (
        "article's loop",
        "vmap(grad)",
        "optlab, autograd",
        "nothing",
        "optlab, LivePlot",
        "256 settings",
    ):
        assert f"| {name} " in out
    for name in ("skorch", "Lightning", "livelossplot", "fastprogress", "ipympl"):
        assert f"| {name} " in out or f"Left out: *{name}*" in out
    assert "A quick run" in out
    assert "training: iris" in err
