"""README's table and picture are put between its two marks, and nothing else of it changes."""

import pytest

from optlab.bench.readme import BEGIN, END, rewrite
from optlab.bench.report import Report
from optlab.bench.rows import Result

REPORT = Report(
    {"processor": "made up"},
    [
        Result("training", "a race", "base", "walks", "ms", (2.0,), (1.0,), base=True),
        Result("training", "a race", "fast", "runs", "ms", (1.0,), (0.5,)),
    ],
)


def test_only_what_is_between_the_marks_changes(tmp_path):
    (tmp_path / "docs").mkdir()
    file = tmp_path / "README.md"
    file.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    rewrite(REPORT, tmp_path)
    once = file.read_text(encoding="utf-8")
    rewrite(REPORT, tmp_path)
    assert file.read_text(encoding="utf-8") == once
    assert once.startswith(f"before\n{BEGIN}\n")
    assert once.endswith(f"{END}\nafter\n")
    assert "old" not in once
    assert REPORT.to_markdown() in once
    for theme in ("light", "dark"):
        assert f"docs/bench-{theme}.png" in once
        assert (tmp_path / "docs" / f"bench-{theme}.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("text", ["no marks", BEGIN, None])
def test_without_marks_nothing_is_written(text, tmp_path):
    if text:
        (tmp_path / "README.md").write_text(text)
    with pytest.raises(ValueError, match=r"no README\.md with"):
        rewrite(REPORT, tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == (["README.md"] if text else [])


def test_the_readme_of_this_checkout_has_the_marks():
    from pathlib import Path

    text = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert text.index(BEGIN) < text.index(END)
