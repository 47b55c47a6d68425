"""What the compiled functions take: their types, and the names that written sources use."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import float32, float64, int32, int64, types, void

from optlab.engine.compiled import functions, lanes
from optlab.engine.compiled.arrays import Memory, Network, Room, Run, Samples

__all__ = ["NAMES", "PENALTY", "TRAIN_BLOCK", "UPDATE"]

NAMES: dict[str, Any] = {
    "__name__": __name__,
    **{name: getattr(lanes, name) for name in ("LANES", "load", "store", "one_sample", "number", "sqrt")},
    **{name: getattr(functions, name) for name in ("sign", "absolute", "clamp_below", "clamp_above")},
    "float32": np.float32,
    "float64": np.float64,
}

_FLAT, _DOUBLE = float32[::1], float64[::1]

UPDATE = void(_FLAT, _FLAT, _FLAT, _DOUBLE, _FLAT, _FLAT, _FLAT, _FLAT, float64)
PENALTY = void(_FLAT, _FLAT, _FLAT, _FLAT, _FLAT)


def _tuple(kind: Any, **fields: Any) -> Any:
    return types.NamedTuple([fields[name] for name in kind._fields], kind)


_NETWORK = _tuple(
    Network,
    **dict.fromkeys(("widths", "units", "weights", "biases", "kinds"), int64[::1]),
    shapes=_DOUBLE,
    is_weight=_FLAT,
    loss=int64,
)
_SAMPLES = _tuple(Samples, x=float32[:, ::1], targets=float32[:, ::1], labels=_FLAT, train=int64)
_RUN = _tuple(
    Run,
    order=int32[:, ::1],
    **dict.fromkeys(("batch_size", "used", "first", "last", "per_step", "answer"), int64),
)
_MEMORY = _tuple(Memory, **dict.fromkeys(Memory._fields, _FLAT) | {"counters": _DOUBLE})

_ROOM = _tuple(Room, **dict.fromkeys(Room._fields, _FLAT) | {"rows": int32[::1]})

TRAIN_BLOCK = void(
    types.FunctionType(UPDATE), types.FunctionType(PENALTY), _NETWORK, _SAMPLES, _RUN, _MEMORY, _ROOM
)
