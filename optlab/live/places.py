"""Places: where a figure's table of frames has the picture of a setting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from optlab.params import Grid, strides

__all__ = ["Places"]


class Places:
    """From the slots of a grid to the places of a table that knows some of its sliders only.

    Args:
        grid: the settings.
        names: the sliders that the picture depends on; None: all of them.

    Attributes:
        strides: a place is the sum of index times stride; 0 for a slider that makes no difference.
        all: whether every slot has a place of its own.

    Raises:
        ValueError: if a name is not that of a slider.

    Example:
        >>> from optlab.params import L2, LR, P
        >>> places = Places(Grid((LR, L2, P)), ("lr", "p"))
        >>> places.strides, places([0, 6, 60, 61])
        ([6, 0, 1], [0, 0, 6, 7])
    """

    def __init__(self, grid: Grid, names: Sequence[str] | None = None) -> None:
        known = [param.name for param in grid.params]
        for name in names or ():
            if name not in known:
                raise ValueError(f"depends_on has {name!r}: expected names of sliders, of {', '.join(known)}")
        self._shape, self.all = grid.shape, names is None
        kept = known if names is None else [name for name in known if name in names]
        steps = iter(strides([len(p.values) for p in grid.params if p.name in kept]))
        self.strides = [next(steps) if name in kept else 0 for name in known]

    def __call__(self, slots: Iterable[int]) -> list[int]:
        """The places of some slots."""
        found = [int(slot) for slot in slots]
        if self.all:
            return found
        indices = np.unravel_index(np.array(found, np.int64), self._shape)
        places = sum(index * step for index, step in zip(indices, self.strides, strict=True))
        return np.broadcast_to(places, len(found)).tolist()
