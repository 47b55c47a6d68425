"""What compressing a network has to know about its layers: which ones compute what they seem to."""

from __future__ import annotations

import copy
from typing import Any

from torch import nn
from torch.nn.parameter import is_lazy

__all__ = ["LAYERS", "NORMS", "check_sequential", "copied", "is_plain", "normalizes", "weighted"]

LAYERS = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d)
NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)


def copied(module: Any) -> Any:
    """A copy of a module that shares nothing with it; raises `TypeError` where PyTorch cannot make one."""
    try:
        return copy.deepcopy(module)
    except (RuntimeError, ValueError) as error:
        kind = type(module).__name__
        raise TypeError(
            f"module={kind} cannot be copied: expected weights of its own that are there (run lazy layers "
            f"once, make pruned weights permanent with torch.nn.utils.prune.remove): {error}"
        ) from error


def is_plain(module: nn.Module, kinds: tuple[type[nn.Module], ...]) -> bool:
    """Whether a module computes what its kind computes, from weights that are its own.

    Args:
        module: the module.
        kinds: classes of `torch.nn`.

    Returns:
        False for a module of another kind, one with a `forward` of its own or with hooks, and one whose
        weight is worked out from other tensors (`torch.nn.utils.parametrize`, `torch.nn.utils.prune`) or is
        not there yet (lazy layers).

    Example:
        >>> class Residual(nn.Sequential):
        ...     def forward(self, x):
        ...         return x + super().forward(x)
        >>> is_plain(nn.Sequential(), (nn.Sequential,)), is_plain(Residual(), (nn.Sequential,))
        (True, False)
    """
    kind = next((kind for kind in kinds if isinstance(module, kind)), None)
    if kind is None or type(module).forward is not kind.forward or "forward" in vars(module):
        return False
    hooked = module._forward_hooks or module._forward_pre_hooks  # noqa: SLF001
    return not hooked and _has_own_weight(module)


def _has_own_weight(module: nn.Module) -> bool:
    weight = module._parameters.get("weight")  # noqa: SLF001
    return not is_lazy(weight) if weight is not None else getattr(module, "weight", None) is None


def weighted(module: nn.Module, kinds: tuple[type[nn.Module], ...]) -> list[Any]:
    """The layers of these kinds, each weight once, however many layers share it.

    Args:
        module: where to look.
        kinds: classes of `torch.nn` with a `weight`.

    Returns:
        The layers.

    Raises:
        TypeError: if the weight of a layer is worked out from other tensors, so that it cannot be changed, or
            is not there yet.
    """
    found: dict[int, Any] = {}
    for name, layer in module.named_modules():
        if isinstance(layer, kinds):
            if not _has_own_weight(layer):
                raise TypeError(
                    f"module[{name!r}], a {type(layer).__name__}, has no weight of its own: expected layers "
                    "that are not parametrised, not pruned by torch.nn.utils.prune, and no longer lazy"
                )
            found.setdefault(id(layer.weight), layer)
    return list(found.values())


def normalizes(norm: nn.Module, layer: Any) -> bool:
    """Whether a BatchNorm after a layer can be one over this layer's outputs."""
    if not (is_plain(norm, NORMS) and is_plain(layer, LAYERS)):
        return False
    axes = {nn.Linear: nn.BatchNorm1d, nn.Conv1d: nn.BatchNorm1d, nn.Conv2d: nn.BatchNorm2d}
    right = next((axes[kind] for kind in axes if isinstance(layer, kind)), nn.BatchNorm3d)
    return isinstance(norm, right) and norm.num_features == len(layer.weight)


def check_sequential(module: Any) -> None:
    """Raise `TypeError` unless a module is an `nn.Sequential` that runs its layers in a row."""
    if not isinstance(module, nn.Sequential):
        raise TypeError(f"module is a {type(module).__name__}: expected an nn.Sequential")
    if not is_plain(module, (nn.Sequential,)):
        raise TypeError(
            f"module is a {type(module).__name__} with a forward of its own or with hooks: expected an "
            "nn.Sequential that runs its layers in a row"
        )
