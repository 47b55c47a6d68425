"""Two threads set a figure's traits: nothing is lost, and the page's message waits for neither."""

import threading

import numpy as np
from matplotlib.figure import Figure

from optlab.live.figure import LiveFigure
from optlab.live.frames import Frames


def test_pages_pushes_and_the_page_s_own_messages_from_three_threads_all_arrive():
    figure = Figure(figsize=(2, 1))
    (line,) = figure.subplots().plot([0, 1, 2], [4, 2, 1])
    live = LiveFigure(figure, [line])
    size = live.capture().values.shape[1]
    errors = []

    def work(act):
        try:
            for k in range(60):
                act(k)
        except Exception as error:  # noqa: BLE001  (a thread's own would be lost)
            errors.append(error)

    def rows(k):
        return Frames(np.full((1, size), k, np.float32), [()], [str(k)], [0])

    acts = (
        lambda k: live.add([k], rows(k)),
        lambda k: live.push(rows(k), k),
        lambda k: live.set_state({"clicked": {"count": k}}),
    )
    threads = [threading.Thread(target=work, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert live.slots == set(range(60))
    assert sorted(slot for page in live.pages for slot in page.slots) == list(range(60))
    assert live.clicked == {"count": 59}
    assert live.pushed["slots"] == [59]
    live.close()


def test_a_thread_that_is_late_adds_nothing_to_a_closed_figure():
    figure = Figure(figsize=(2, 1))
    (line,) = figure.subplots().plot([0, 1, 2], [4, 2, 1])
    live = LiveFigure(figure, [line])
    frame = live.capture()
    live.close()
    live.add([0], frame)
    assert live.pages == []
