"""The command that says how often a claim of the course holds."""

import pytest
import robust

from optlab.course.outline import outlines

LESSONS = [outline.title.split()[0] for outline in outlines()]


def lucky(seed, length):
    return seed % 2 == 0 or length > 1


@pytest.fixture
def only(monkeypatch):
    """A table of two made-up claims."""
    monkeypatch.setattr(robust, "CLAIMS", [])
    monkeypatch.setattr(robust, "HERE", robust.HERE / "nowhere")
    robust.claim("01", "half of the seeds", lengths=(1.0, 2.0), at_least=0.5)(lucky)
    robust.claim("02", "all seeds", lengths=(1.0,))(lucky)


def test_the_table_says_the_share_of_seeds_and_which_claims_are_weak(only, capsys):
    assert robust.main(["--seeds", "4"]) == 1
    _, half, whole = capsys.readouterr().out.splitlines()
    assert half.split()[:3] == ["01", "50%", "100%"]
    assert "LESS" not in half
    assert whole.split()[:2] == ["02", "50%"]
    assert whole.endswith("(LESS THAN IT SAYS)")


def test_one_lesson_is_asked_for_by_its_number(only, capsys):
    assert robust.main(["01", "--seeds", "4"]) == 0
    assert "all seeds" not in capsys.readouterr().out


def test_every_claim_names_its_lesson_and_says_a_sentence_once():
    known = robust.claims()
    assert known
    for one in known:
        assert one.lesson in LESSONS
        assert len(one.says) > 20
        assert set(one.lengths) <= set(robust.LENGTHS)
        assert 0 < one.at_least <= 1
    assert len({one.says for one in known}) == len(known)


def test_a_claim_that_costs_little_holds_as_often_as_it_says():
    """A sample of the whole, which the command prints."""
    one = next(one for one in robust.claims("01.2") if "hardly an eight" in one.says)
    assert one.share(range(3), 1.0) >= one.at_least
