"""FramePage: a batch of frames that, once sent, never changes."""

from __future__ import annotations

from typing import Any

import anywidget
import ipywidgets
from traitlets import Bytes, List, Unicode

from optlab.live.frames import Frames

ANYWIDGET_VERSION = anywidget.AnyWidget._model_module_version.default_value  # noqa: SLF001  (of its front end)


class FramePage(ipywidgets.Widget):
    """Trained frames and the slots they belong to, as the state of a model of their own.

    A message can be lost while the front end is still loading; a model's state cannot. A page reload and a
    saved notebook have the frames too, and no frame is sent twice.
    """

    # anywidget's model with an empty module: the plain WidgetModel loses bytes when JupyterLab saves it
    _model_name = Unicode("AnyModel").tag(sync=True)
    _model_module = Unicode("anywidget").tag(sync=True)
    _model_module_version = Unicode(ANYWIDGET_VERSION).tag(sync=True)
    _esm = Unicode("export default {}").tag(sync=True)
    _anywidget_id = Unicode("optlab.live.FramePage").tag(sync=True)

    slots: List[int] = List().tag(sync=True)
    data = Bytes().tag(sync=True)  # float32, (frames, size)
    texts: List[list[str]] = List().tag(sync=True)
    labels: List[str] = List().tag(sync=True)
    scenes: List[int] = List().tag(sync=True)
    goals: List[list[bool]] = List().tag(sync=True)

    def __init__(self, slots: list[int], frames: Frames, **traits: Any) -> None:
        super().__init__(slots=slots, **frames.as_traits(), **traits)
