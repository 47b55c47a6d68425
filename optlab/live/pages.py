"""FramePage: a batch of frames that, once sent, never changes."""

from __future__ import annotations

from typing import Any

import anywidget
import ipywidgets
from traitlets import Bytes, Unicode

from optlab.live.frames import Frames
from optlab.live.packing import COARSE, pack, unpack

ANYWIDGET_VERSION = anywidget.AnyWidget._model_module_version.default_value  # noqa: SLF001  (of its front end)


class FramePage(ipywidgets.Widget):
    """Trained frames and the places they belong to, as the state of a model of their own.

    A message can be lost while the front end is still loading; a model's state cannot. A page reload and a
    saved notebook have the frames too, and no frame is sent twice. The kernel keeps what travels and no more:
    everything else is unpacked when it is asked for.

    Args:
        slots: for each frame its place in the figure's table.
        frames: the frames.
        kept: how many bytes of each number travel, see `packing`.
    """

    # anywidget's model with an empty module: the plain WidgetModel loses bytes when JupyterLab saves it
    _model_name = Unicode("AnyModel").tag(sync=True)
    _model_module = Unicode("anywidget").tag(sync=True)
    _model_module_version = Unicode(ANYWIDGET_VERSION).tag(sync=True)
    _esm = Unicode("export default {}").tag(sync=True)
    _anywidget_id = Unicode("optlab.live.FramePage").tag(sync=True)

    packed = Bytes().tag(
        sync=True
    )  # see `packing.pack`; its header has the lists of `Frames.lists`, and slots

    def __init__(self, slots: list[int], frames: Frames, kept: int = COARSE, **traits: Any) -> None:
        header = {"slots": slots, **frames.lists()}
        super().__init__(packed=pack(frames.values, header, kept), **traits)

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
