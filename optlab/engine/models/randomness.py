"""Random numbers of a run's own, for layers such as dropout that know torch's global generator only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

__all__ = ["Randomness"]


class Randomness(TorchDispatchMode):
    """A stream of random numbers: whatever draws on this thread while it is entered draws from it.

    torch's global generator stays untouched, so that a lab that trains in the background changes nothing for
    a cell that draws meanwhile. Entered again, the stream goes on where it stopped.

    Args:
        seed: where the stream begins: that of `torch.manual_seed(seed)`.

    Attributes:
        used: whether anything has been drawn.

    Example:
        >>> own = Randomness(0)
        >>> with own:
        ...     first = torch.rand(1)
        >>> bool(torch.rand(1, generator=torch.Generator().manual_seed(0)) == first)
        True
    """

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.seed, self.used = int(seed), False
        self.generators: dict[torch.device, torch.Generator] = {}

    def __torch_dispatch__(
        self, func: Any, types: Iterable[Any], args: tuple = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Run an operation of torch; one that draws is given the generator."""
        kwargs = kwargs or {}
        if torch.Tag.nondeterministic_seeded not in func.tags or _drops_nothing(func, args, kwargs):
            return func(*args, **kwargs)
        self.used = True
        generator = self._generator(_device(args, kwargs))
        seeded = _seeded(func)
        if seeded is None:
            return _borrowing(generator, lambda: func(*args, **kwargs))
        return seeded(*args, **{**kwargs, "generator": generator})

    def _generator(self, device: torch.device) -> torch.Generator:
        if str(device) == device.type != "cpu":
            device = torch.empty(0, device=device).device  # "cuda" is "cuda:0", say
        if device not in self.generators:
            self.generators[device] = torch.Generator(device).manual_seed(self.seed)
        return self.generators[device]


# torch wraps this function so that its compiler leaves it alone, and the first call imports that compiler:
# four seconds and 100 MB. Nothing here is compiled.
_dispatch = Randomness.__torch_dispatch__
Randomness.__torch_dispatch__ = getattr(_dispatch, "__wrapped__", _dispatch)  # type: ignore[method-assign]


@cache
def _seeded(func: Any) -> Any:
    """The form of an operation that takes a generator beside the same arguments; None where there is none."""
    names = _arguments(func)
    if "generator" in names:
        return func
    forms = [getattr(func.overloadpacket, name) for name in func.overloadpacket.overloads()]
    return next(
        (f for f in forms if [n for n in _arguments(f) if n != "generator"] == names != _arguments(f)), None
    )


def _drops_nothing(func: Any, args: tuple, kwargs: dict[str, Any]) -> bool:
    """Whether an operation draws for dropout alone, and its rate is zero: attention, say, or an LSTM."""
    given = {**dict(zip(_arguments(func), args, strict=False)), **kwargs}
    rate = next((name for name in ("dropout_p", "dropout") if name in _arguments(func)), None)
    return rate is not None and given.get(rate, 0.0) == 0.0


def _arguments(func: Any) -> list[str]:
    return [argument.name for argument in func._schema.arguments]  # noqa: SLF001


def _device(args: tuple, kwargs: dict[str, Any]) -> torch.device:
    """Where an operation draws: where its tensor is, or where it makes one."""
    tensor = next((arg for arg in args if isinstance(arg, Tensor)), None)
    return torch.device(kwargs.get("device") or "cpu") if tensor is None else tensor.device


def _borrowing(generator: torch.Generator, draw: Callable[[], Any]) -> Any:
    """Let torch's global generator be this one for one operation that takes none: a fused one of the GPU."""
    device = generator.device
    module: Any = torch if device.type == "cpu" else torch.get_device_module(device)
    where = (device,) if device.type == "cuda" else ()
    outside = module.get_rng_state(*where)
    module.set_rng_state(generator.get_state(), *where)
    try:
        return draw()
    finally:
        generator.set_state(module.get_rng_state(*where))
        module.set_rng_state(outside, *where)
