"""Two histories compared to the last bit."""

from dataclasses import fields


def arrays_of(history):
    """All arrays by name, in order; those in dictionaries as `field/key`."""
    found = {}
    for f in fields(history):
        value = getattr(history, f.name)
        found |= (
            {f"{f.name}/{k}": a for k, a in value.items()} if isinstance(value, dict) else {f.name: value}
        )
    return found


def assert_identical(one, other):
    """Every array has the same name, place, dtype, shape and bytes."""
    mine, theirs = arrays_of(one), arrays_of(other)
    assert list(mine) == list(theirs)
    for name, array in mine.items():
        assert (array.dtype, array.shape) == (theirs[name].dtype, theirs[name].shape), name
        assert array.tobytes() == theirs[name].tobytes(), name
