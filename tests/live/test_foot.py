"""The last row of a lab says what its bar counts, to the eye and to a screen reader."""

from html.parser import HTMLParser

import numpy as np
import pytest
from waiting import wait_until

from optlab import Lab, Lazy, Param, Plot, Record
from optlab.live.layout import Foot


class Page(HTMLParser):
    """The text of a page, and the attributes of its progress bars."""

    def __init__(self, text):
        super().__init__()
        self.said, self.bars = "", []
        self.feed(text)

    def handle_data(self, data):
        self.said += data

    def handle_starttag(self, tag, attrs):
        if tag == "progress":  # an element that screen readers know
            self.bars.append(dict(attrs))


@pytest.mark.parametrize(
    ("counts", "said", "bars"),
    [
        ((0, 1024, 6930), "0 of 6,930 positions ready", [0]),
        ((256, 1024, 6930), "256 of 6,930 positions ready", [0.25]),
        ((1024, 1024, 6930), "1,024 of 6,930 positions ready", []),
        ((6930, 1024, 6930), "all positions ready", []),
    ],
)
def test_the_bar_has_a_name_and_words_beside_it(counts, said, bars):
    foot = Foot()
    foot.tell(*counts)
    page = Page(foot.children[0].value)
    assert page.said.strip() == said
    assert [float(bar["value"]) for bar in page.bars] == bars
    assert all("run ahead" in bar["aria-label"] for bar in page.bars)
    foot.close()


def test_a_position_that_was_run_alone_counts_too():
    plot = Plot(ylim=(0, 5))
    plot.line("a", lambda run: run.settings["a"][:, None] * np.ones(3), x=np.arange(3))
    lab = Lab(
        [Param("a", "a", "a", (1, 2, 3), 1)], Lazy(lambda settings, _: Record(settings), most=1), [plot]
    )
    wait_until(lambda: Page(lab._foot.children[0].value).said.strip() == "1 of 3 positions ready")
    lab.close()
