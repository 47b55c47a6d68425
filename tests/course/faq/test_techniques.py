"""Every family of techniques has one that is measured, and each prints as a line."""

import numpy as np
import pytest

from optlab.course.faq.techniques import Measured, Technique, Techniques, technique_table


def test_every_family_of_the_article_has_a_technique():
    rows = technique_table()
    assert list(dict.fromkeys(row.family for row in rows)) == [
        "algorithm",
        "structure",
        "data",
        "hardware",
        "software",
    ]
    assert len({row.change for row in rows}) == len(rows) >= 10
    at_once = rows[-1]
    assert at_once.off.train_loss == pytest.approx(at_once.on.train_loss, rel=1e-4)  # the same trainings
    assert at_once.on.cost < at_once.off.cost / 1.5
    lines = repr(rows).splitlines()
    assert len(lines) == 1 + len(rows)
    assert max(map(len, lines)) < 125
    assert rows._repr_html_().count("<tr>") == 1 + len(rows)


def test_a_technique_prints_as_one_line():
    off, on = Measured(0.5, 0.25, 0.9, np.inf), Measured(0.25, 0.5, 0.95, 160.0)
    table = Techniques([Technique("data", "raw < scaled", "gradients", off, on)])
    wanted = "data raw < scaled 0.500 → 0.250 0.250 → 0.500 90% → 95% never → 160 gradients"
    assert " ".join(repr(table).splitlines()[1].split()) == wanted
    assert "<td style='text-align: left'>raw &lt; scaled</td>" in table._repr_html_()
