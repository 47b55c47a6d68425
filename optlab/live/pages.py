"""FramePage: a batch of frames that, once sent, never changes."""

from __future__ import annotations

import ipywidgets
from ipywidgets._version import __jupyter_widgets_base_version__
from traitlets import Bytes, List, Unicode

from optlab.live.frames import Frame, stack


class FramePage(ipywidgets.Widget):
    """Trained frames and the slots they belong to, as the state of a model of their own.

    A message can be lost while the front end is still loading; a model's state cannot. A page reload and a saved
    notebook have the frames too, and no frame is sent twice.
    """

    _model_name = Unicode("WidgetModel").tag(sync=True)
    _model_module = Unicode("@jupyter-widgets/base").tag(sync=True)
    _model_module_version = Unicode(__jupyter_widgets_base_version__).tag(sync=True)

    slots = List().tag(sync=True)
    data = Bytes().tag(sync=True)  # float32, (frames, size)
    texts = List().tag(sync=True)
    labels = List().tag(sync=True)
    scenes = List().tag(sync=True)

    @classmethod
    def of(cls, slots: list[int], frames: list[Frame]) -> FramePage:
        """Return a page that holds `frames[i]` for `slots[i]`."""
        return cls(
            slots=slots,
            data=stack(frames),
            texts=[list(frame.texts) for frame in frames],
            labels=[frame.label for frame in frames],
            scenes=[frame.scene for frame in frames],
        )
