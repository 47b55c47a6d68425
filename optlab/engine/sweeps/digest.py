"""A digest of whatever a training is asked with: data, models, functions with the numbers they use.

Two things have one digest when training cannot tell them apart. What counts is values, and for a function its
code, its defaults, what it closes over and what it finds among its globals. What an installed package defines
stands for itself by its name, with the package's version; of optlab's engine, `sources` says which.
"""

from __future__ import annotations

import copyreg
import dataclasses
import dis
import hashlib
import sys
import sysconfig
import types
from collections.abc import Iterator
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy
from torch.utils.hooks import RemovableHandle

__all__ = ["digest", "sources"]

Parts = Iterator[str | bytes]

_PLAIN = (type(None), bool, int, float, complex, str, bytes, torch.dtype, torch.device, type(...))
_INSTALLED = tuple(Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "purelib", "platlib"))
_INCIDENTAL = {"__dict__", "__weakref__", "__doc__", "__module__", "__firstlineno__", "__static_attributes__"}


def digest(value: Any) -> str:
    """A digest of anything, the same in every process.

    Args:
        value: numbers, text, arrays, tensors, functions, classes, modules, and containers of them; any other
            object counts as it would be pickled.

    Returns:
        64 hexadecimal digits.

    Raises:
        TypeError: if `value` holds something that cannot be told from another, such as an open file.

    Example:
        >>> rate = 0.1
        >>> one, other = digest(lambda t: rate * t), digest(lambda t: 0.1 * t)
        >>> one == digest(lambda t: rate * t), one == other
        (True, False)
    """
    return _Digest().of(value).hex()


@cache
def sources() -> str:
    """Which optlab, torch and numba train here, in words; others may round another way."""
    files = sorted(Path(__file__).parents[1].rglob("*.py"))
    engine = digest([file.read_text(encoding="utf-8") for file in files])
    return f"optlab {engine[:8]} on torch {torch.__version__} and numba {version('numba')}"


class _Digest:
    """Digests of objects, each looked at once."""

    def __init__(self) -> None:
        self.known: dict[int, tuple[bytes, Any]] = {}  # the object too: an id is free again when it is gone
        self.open: list[int] = []

    def of(self, value: Any) -> bytes:
        if id(value) in self.known:
            return self.known[id(value)][0]
        if id(value) in self.open:  # a cycle, such as a function that calls itself
            return f"cycle {self.open.index(id(value))}".encode()
        self.open.append(id(value))
        made = hashlib.sha256()
        for part in self.parts(value):
            data = part.encode() if isinstance(part, str) else part
            made.update(len(data).to_bytes(8, "little") + data)
        self.open.pop()
        self.known[id(value)] = made.digest(), value
        return made.digest()

    def parts(self, value: Any) -> Parts:
        """What tells a value from others: its kind, then its contents."""
        yield type(value).__qualname__
        if isinstance(value, (np.ndarray, np.generic)) and not value.dtype.hasobject:
            yield from (value.dtype.str, repr(value.shape), value.tobytes())
        elif type(value) in _PLAIN:
            yield value if isinstance(value, bytes) else repr(value)
        elif isinstance(value, Tensor) and not is_lazy(value):
            yield from _tensor(value)
        elif isinstance(value, (list, tuple, dict, set, frozenset, types.MappingProxyType)):
            yield from self.container(value)
        elif isinstance(value, types.FunctionType):
            yield from self.function(value)
        elif isinstance(value, types.CodeType):
            yield from self.code(value)
        elif isinstance(value, types.ModuleType):
            yield from self.module(value)
        elif isinstance(value, type):
            yield from self.type(value)
        else:
            yield from self.instance(value)

    def container(self, value: Any) -> Parts:
        if isinstance(value, (dict, types.MappingProxyType)):
            value = [item for pair in value.items() for item in pair]
        digests = [self.of(item) for item in value]
        yield from sorted(digests) if isinstance(value, (set, frozenset)) else digests

    def function(self, f: types.FunctionType) -> Parts:
        yield f.__qualname__
        if _installed(f.__module__) and "<" not in f.__qualname__:  # a lambda, or a function made by another
            yield _version(f.__module__)
            return
        cells = [_contents(cell) for cell in f.__closure__ or ()]
        used = {name: f.__globals__[name] for name in _globals(f.__code__) if name in f.__globals__}
        for part in (f.__code__, f.__defaults__, f.__kwdefaults__, cells, f.__dict__, used):
            yield self.of(part)

    def code(self, code: types.CodeType) -> Parts:
        for name in ("co_code", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_flags"):
            yield self.of(getattr(code, name))
        for name in ("co_consts", "co_argcount", "co_kwonlyargcount", "co_posonlyargcount"):
            yield self.of(getattr(code, name))

    def module(self, module: types.ModuleType) -> Parts:
        name = module.__name__
        yield name
        if _installed(name):
            yield _version(name)
            return
        yield Path(str(module.__file__)).read_bytes()
        for other in vars(module).values():
            if isinstance(other, types.ModuleType) and not _installed(other.__name__):
                yield self.of(other)

    def type(self, cls: type) -> Parts:
        yield cls.__qualname__
        if _installed(cls.__module__):
            yield _version(cls.__module__)
            return
        yield self.of(cls.__bases__)
        for name, member in sorted(vars(cls).items()):
            if name not in _INCIDENTAL and not name.startswith("_abc_"):
                yield name
                yield self.member(member)

    def member(self, member: Any) -> bytes:
        """Of what a class holds; functions count, whatever they are wrapped in."""
        if isinstance(member, property):
            member = [member.fget, member.fset, member.fdel]
        elif isinstance(member, (staticmethod, classmethod)):
            member = member.__func__
        elif isinstance(member, cached_property):
            member = member.func
        elif isinstance(member, (types.MemberDescriptorType, types.GetSetDescriptorType)):
            member = member.__name__
        return self.of(member)

    def instance(self, value: Any) -> Parts:
        yield self.of(type(value))
        if dataclasses.is_dataclass(value):  # beside its fields it may hold what it has worked out already
            yield self.of({f.name: getattr(value, f.name) for f in dataclasses.fields(value)})
            return
        reduced = _reduced(value)
        if isinstance(reduced, str):
            yield from (str(getattr(value, "__module__", "")), reduced)
            return
        for part in reduced:
            state = isinstance(value, nn.Module) and isinstance(part, dict)
            listed = list(part) if isinstance(part, Iterator) else part
            yield self.of(_without_numbers_of_hooks(part) if state else listed)


def _reduced(value: Any) -> str | tuple[Any, ...]:
    """What would be pickled of an object: its name, or how to make it and from what."""
    try:
        reduce = copyreg.dispatch_table.get(type(value))
        return reduce(value) if reduce else value.__reduce_ex__(4)
    except Exception as error:
        raise TypeError(f"{value!r} cannot be told from another {type(value).__name__}") from error


def _tensor(tensor: Tensor) -> Parts:
    plain = tensor.detach().cpu().contiguous()
    yield from (str(plain.dtype), repr(tuple(plain.shape)), repr(tensor.requires_grad))
    yield plain.flatten().view(torch.uint8).numpy().tobytes()


def _without_numbers_of_hooks(state: dict[str, Any]) -> dict[str, Any]:
    """What a module holds, but not the numbers that its hooks got when they were registered."""
    held = {name: part for name, part in state.items() if not isinstance(part, RemovableHandle)}
    return {
        name: list(part.values()) if "hooks" in name and isinstance(part, dict) else part
        for name, part in held.items()
    }


def _contents(cell: types.CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # empty: the name has no value yet
        return ...


def _globals(code: types.CodeType) -> list[str]:
    """The names that a function, or one inside it, looks up among the globals."""
    found = {i.argval for i in dis.get_instructions(code) if i.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
    inner = [_globals(constant) for constant in code.co_consts if isinstance(constant, types.CodeType)]
    return sorted(found.union(*inner))


def _installed(name: str | None) -> bool:
    """Whether a module belongs to Python or to an installed package, and not to the learner."""
    module = sys.modules.get(name or "")
    if module is None or name == "__main__":
        return False
    file = getattr(module, "__file__", None)
    if file is None or f"{name}.".startswith("optlab.engine."):
        return True
    return any(folder in Path(file).resolve().parents for folder in _INSTALLED)


def _version(name: str) -> str:
    top = name.partition(".")[0]
    return f"{name} {getattr(sys.modules[top], '__version__', '')}"
