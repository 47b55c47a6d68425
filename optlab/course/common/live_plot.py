"""LivePlot: let any `train(...)` draw itself as it goes."""

import time

import numpy as np
from IPython.display import DisplayHandle, display

from optlab import History
from optlab.course.common.curves import loss_curves
from optlab.engine.training.callbacks import EpochRecord
from optlab.engine.training.recorder import Recorder
from optlab.live.cells import replace_earlier
from optlab.live.figure import LiveFigure

BETWEEN = 1 / 30
"""Seconds between two pushes: many an epoch takes less than a display frame, and every push costs time."""


class LivePlot(Recorder):
    """A callback that shows training and test loss in place while they are being made.

    Args:
        row: which setting to show, when many are trained at once.

    Attributes:
        figure: the live figure; there once training has begun.

    Example:
        >>> from optlab import iris_pair, train
        >>> plot = LivePlot()
        >>> history = train(iris_pair(), epochs=5, callbacks=[plot])  # doctest: +ELLIPSIS
        <optlab.live.figure.LiveFigure object at 0x...>
        >>> plot.figure.label
        'Training loss falls from 0.713 to 0.59, test loss from 0.696 to 0.57, in 5 epochs.'
        >>> plot.close()
    """

    figure: LiveFigure

    def __init__(self, row: int = 0) -> None:
        self.row = row

    def on_epoch_end(self, record: EpochRecord) -> None:
        """Build and show the figure before training, move its curves when it is time to."""
        super().on_epoch_end(record)
        if record.epoch == 0:
            self._begin(record)
        elif time.perf_counter() - self._pushed >= BETWEEN:
            self._push()

    def on_train_end(self, history: History) -> None:
        """Show the end, and store that picture with the notebook, for places that run no JavaScript."""
        self._push()
        if self._shown is not None:
            self._shown.update(self.figure)

    def close(self) -> None:
        """Free the figure."""
        self.figure.close()

    def _begin(self, record: EpochRecord) -> None:
        first = float(record.values["train_loss"][self.row])
        top = 1.7 * first if np.isfinite(first) and first > 0 else 1.0
        self._plot = loss_curves(record.epochs, top)
        self._plot.finish()
        self.figure = LiveFigure(self._plot.figure, self._plot.marks, scenes=self._plot.scenes)
        replace_earlier(self.figure)  # not the plot: the same one may be given to the next training
        self._push()
        self._shown: DisplayHandle | None = display(self.figure, display_id=True)

    def _push(self) -> None:
        frame = self._plot.frames(self.history.select(self.row))
        self.figure.label = frame.labels[0]
        self.figure.push(frame)
        self._pushed = time.perf_counter()
