"""FramePage: a batch of frames that, once sent, never changes."""

from __future__ import annotations

from typing import Any

import ipywidgets
from traitlets import Bytes, Unicode

from optlab.live.frames import Frames
from optlab.live.packing import COARSE, pack, unpack


class FramePage(ipywidgets.CoreWidget):
    """Trained frames and the places they belong to, as the state of a model of their own.

    A message can be lost while the front end is still loading; a model's state cannot. A page reload and a
    saved notebook have the frames too, and no frame is sent twice. The kernel keeps what travels and no more:
    everything else is unpacked when it is asked for.

    Args:
        slots: for each frame its place in the figure's table.
        frames: the frames.
        kept: how many bytes of each number travel, see `packing`.
    """

    # ipywidgets.Image's model: the plain WidgetModel loses bytes when JupyterLab saves it, and anywidget's
    # loads a module for each and rejects it for good on a page so busy that this takes two seconds.
    _model_name = Unicode("ImageModel").tag(sync=True)

    value = Bytes().tag(sync=True)  # see `packing.pack`

    def __init__(self, slots: list[int], frames: Frames, kept: int = COARSE, **traits: Any) -> None:
        header = {"slots": slots, **frames.lists()}
        super().__init__(value=pack(frames.values, header, kept), **traits)

    @property
    def packed(self) -> bytes:
        """What travels, see `packing.pack`; its header has the lists of `Frames.lists`, and slots."""
        return self.value

    @property
    def slots(self) -> list[int]:
        """For each frame its place in the figure's table."""
        return self._header["slots"]

    @property
    def texts(self) -> list[list[str]]:
        """For each frame its texts."""
        return self._header["texts"]

    @property
    def labels(self) -> list[str]:
        """Each frame in words."""
        return self._header["labels"]

    @property
    def goals(self) -> list[list[bool]]:
        """For each frame which goals its run reaches."""
        return self._header["goals"]

    @property
    def data(self) -> bytes:
        """The numbers as they arrive, float32, `(frames, size)`."""
        return unpack(self.packed)[0].tobytes()

    @property
    def _header(self) -> dict[str, Any]:
        return unpack(self.packed)[1]
