"""Many texts that differ in a few lines: what is the same is kept once, the rest by what it depends on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["factored", "text_at"]


def factored(texts: Sequence[str], shape: Sequence[int]) -> list[Any]:
    """The texts of all settings of a grid as pieces.

    Args:
        texts: one a setting, the last slider fastest.
        shape: how many stops each slider has.

    Returns:
        The pieces in order; a text is their sum. A piece that all texts share is a string. Any other has
        `texts`, its different forms; `sliders`, the indices of those that it depends on; and `table`, an
        index into `texts` for each position of these, the last fastest.

    Raises:
        ValueError: if there are not as many texts as settings.

    Example:
        >>> factored(["lr = 1", "lr = 2"], [2])
        [{'texts': ['lr = 1', 'lr = 2'], 'sliders': [0], 'table': [0, 1]}]
    """
    if len(texts) != np.prod(shape, dtype=int):
        raise ValueError(f"{len(texts)} texts for a grid of {list(shape)}")
    columns = _columns([text.splitlines(keepends=True) for text in texts])
    pieces: list[Any] = []
    for column in columns:
        piece = _piece(column, shape)
        if isinstance(piece, str) and pieces and isinstance(pieces[-1], str):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def text_at(pieces: Sequence[Any], shape: Sequence[int], stops: Sequence[int]) -> str:
    """The text of one setting, as the page puts it together.

    Args:
        pieces: what `factored` gave.
        shape: how many stops each slider has.
        stops: where each slider is.

    Returns:
        The text.
    """
    return "".join(piece if isinstance(piece, str) else _form(piece, shape, stops) for piece in pieces)


def _form(piece: dict[str, Any], shape: Sequence[int], stops: Sequence[int]) -> str:
    row = 0
    for slider in piece["sliders"]:
        row = row * shape[slider] + stops[slider]
    return str(piece["texts"][piece["table"][row]])


def _columns(lines: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """The lines of all texts one beside the other; where their number differs, each text is one line."""
    if len({len(one) for one in lines}) > 1:
        return [["".join(one) for one in lines]]
    return list(zip(*lines, strict=True))


def _piece(column: Sequence[str], shape: Sequence[int]) -> Any:
    forms = list(dict.fromkeys(column))
    if len(forms) == 1:
        return forms[0]
    number = {form: k for k, form in enumerate(forms)}
    table = np.array([number[form] for form in column]).reshape(tuple(shape))
    sliders = list(range(len(shape)))
    for slider in reversed(range(len(shape))):
        first = table.take([0], axis=sliders.index(slider))
        if (table == first).all():
            table = first.squeeze(axis=sliders.index(slider))
            sliders.remove(slider)
    return {"texts": forms, "sliders": sliders, "table": table.ravel().tolist()}
