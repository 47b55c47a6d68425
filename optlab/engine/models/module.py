"""A learner's own network: any `torch.nn.Module` as a model."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.parameter import UninitializedBuffer, is_lazy

from optlab.engine.models.attention import plain_attention, times_plain
from optlab.engine.models.mlp import MLP, Model, unpack
from optlab.engine.models.randomness import Randomness
from optlab.engine.models.trial import draws, explained, takes_settings_together

__all__ = ["TorchModel", "as_model"]

Named = dict[str, Tensor]
Way = Callable[[], AbstractContextManager[Any]]


class TorchModel(Model):
    """Any `torch.nn.Module`, trained from the weights it has now; the module itself is left as it is.

    Settings go through the module together (`torch.vmap`) where that gives the numbers of one after another,
    and else one after another.

    Args:
        module: takes `(samples, *features)` and gives `(samples, outputs)`. Parameters with
            `requires_grad=False` stay as they are.
        sample: a few inputs, `(samples, *features)`. The model lives on their device, and its parameters have
            their dtype; for whole numbers float32.

    Raises:
        ValueError: if the module cannot be copied, or does not train on the sample.

    Example:
        >>> TorchModel(nn.Linear(3, 2), torch.zeros(2, 3)).shapes
        {'weight': (2, 3), 'bias': (2,)}
    """

    def __init__(self, module: nn.Module, sample: Tensor) -> None:
        dtype = sample.dtype if sample.is_floating_point() else torch.float32
        self.given, self.sample = _copied(module).to(sample.device, dtype), sample
        self.module = self._made(0)
        self.places = _places(self.module)
        self.kept = frozenset(name for name, _ in self.module.named_buffers())
        self.shapes = {name: tuple(p.shape) for name, p in _parameters(self.module, trained=True)}
        self.draws = draws(self.apart(), sample)

    def _made(self, seed: int) -> nn.Module:
        """The module; lazy layers get their weights as after `torch.manual_seed(seed)`."""
        if not any(is_lazy(tensor) for tensor in [*self.given.parameters(), *self.given.buffers()]):
            return self.given
        module = _copied(self.given).eval()
        with Randomness(seed), torch.no_grad(), explained(self.sample):
            module(self.sample)
        return module

    def start(self, seed: int) -> Tensor:
        """The module's own weights, whatever the seed (which makes those of lazy layers), `(parameters,)`."""
        return torch.cat([p.detach().flatten() for _, p in _parameters(self._made(seed), trained=True)])

    def buffers(self, settings: int) -> Named:
        """Copies of the module's buffers, and its frozen parameters, `(settings, *shape)` by name."""
        frozen = dict(_parameters(self.module, trained=False))
        stretched = {n: t.detach().expand(settings, *t.shape) for n, t in self.module.named_buffers()}
        return {name: tensor.clone() for name, tensor in stretched.items()} | {
            name: tensor.detach().expand(settings, *tensor.shape) for name, tensor in frozen.items()
        }

    def state(self, theta: Tensor, buffers: Named) -> Named:
        """What training has changed, `(settings, *shape)` by the keys of the module's `state_dict`.

        BatchNorm's count of batches is left out: `load_state_dict` does without, and no output depends on it.
        """
        tensors = unpack(theta, self.shapes) | {name: buffers[name] for name in self.kept}
        names = {id(t): n for n, t in [*self.module.named_parameters(), *self.module.named_buffers()]}
        keys = {key: names.get(id(t)) for key, t in self.module.state_dict(keep_vars=True).items()}
        return {
            key: tensors[name]
            for key, name in keys.items()
            if name in tensors and not key.endswith("num_batches_tracked")
        }

    def refusal(self, samples: int) -> str:
        """Why the module cannot train on a batch of so few samples; empty where it can."""
        try:
            with torch.no_grad():
                draws(self.apart(), self.sample[:samples])
        except ValueError as error:
            return str(error.__cause__)
        return ""

    def __call__(self, theta: Tensor, x: Tensor, buffers: Named, *, training: bool) -> Tensor:
        """Outputs, `(settings, samples, outputs)`; buffers that change are put into `buffers`.

        Dropout draws the same masks for every setting.
        """
        self.module.train(training)
        way = self.way if len(theta) > 1 else None
        tensors = unpack(theta, self.shapes) | buffers
        with (way or nullcontext)():
            outputs, changed = (self._at_once if way else self._in_turn)(tensors, x)
        buffers |= changed
        return outputs

    @cached_property
    def way(self) -> Way | None:
        """Under what circumstances vmap gives the numbers of one setting after another; None: under none."""
        before = times_plain()
        # while another thread has switched fused attention off, nothing can be learnt about it
        if self._works(nullcontext) and before[0] == 0 and times_plain() == before:
            return nullcontext
        return plain_attention if self._works(plain_attention) else None

    @property
    def together(self) -> bool:  # type: ignore[override]
        """Whether settings go through the module together."""
        return self.way is not None

    def _works(self, way: Way) -> bool:
        together = self.apart()
        together.way = way
        return takes_settings_together(self.apart(), together, self.sample)

    def apart(self) -> TorchModel:
        """The same model with a module of its own: a trial may leave something behind in it."""
        other = copy.copy(self)
        other.module = copy.deepcopy(self.module)
        return other

    def again(self) -> TorchModel:
        """The same model for another training, tried already."""
        other = self.apart()
        other.way = self.way
        return other

    def _at_once(self, tensors: Named, x: Tensor) -> tuple[Tensor, Named]:
        run = torch.vmap(self._run, in_dims=(0, 0 if len(x) > 1 else None), randomness="same")
        return run(tensors, x if len(x) > 1 else x[0])

    def _in_turn(self, tensors: Named, x: Tensor) -> tuple[Tensor, Named]:
        settings = len(next(iter(tensors.values())))
        made = [
            self._run({n: t[row] for n, t in tensors.items()}, x[row if len(x) > 1 else 0])
            for row in range(settings)
        ]
        outputs, buffers = zip(*made, strict=True)
        return torch.stack(outputs), {n: torch.stack([after[n] for after in buffers]) for n in buffers[0]}

    def _run(self, tensors: Named, x: Tensor) -> tuple[Tensor, Named]:
        """Outputs of one setting, and the buffers that the module has put something else in place of."""
        at = {place: tensor for name, tensor in tensors.items() for place in self.places[name]}
        outputs = functional_call(self.module, at, (x,), tie_weights=False)
        if not isinstance(outputs, Tensor):
            raise TypeError(f"the module gives a {type(outputs).__name__}, expected one tensor")
        return outputs, {n: at[n].detach() for n in self.kept if at[n] is not tensors[n]}


def _copied(module: nn.Module) -> nn.Module:
    """A copy, also of what `deepcopy` refuses: lazy buffers, and tensors kept with their autograd graph."""
    known: dict[int, Any] = {}
    for buffer in filter(is_lazy, module.buffers()):
        known[id(buffer)] = UninitializedBuffer(device=buffer.device, dtype=buffer.dtype)  # type: ignore[call-arg]
    for kept in (value for part in module.modules() for value in vars(part).values()):
        if isinstance(kept, Tensor) and not kept.is_leaf:  # such as the product of a weight and its mask
            known[id(kept)] = kept.detach().clone()
    try:
        return copy.deepcopy(module, known)
    except Exception as error:
        raise ValueError(f"model={type(module).__name__} cannot be copied: {error}") from error


def _parameters(module: nn.Module, *, trained: bool) -> Iterator[tuple[str, nn.Parameter]]:
    return ((name, p) for name, p in module.named_parameters() if p.requires_grad == trained)


def _places(module: nn.Module) -> dict[str, list[str]]:
    """Where each parameter and buffer sits, by its first name: a shared one sits in several places."""
    names: dict[int, list[str]] = {}
    for prefix, part in module.named_modules():
        for members in (part.named_parameters, part.named_buffers):
            for name, tensor in members(prefix, recurse=False, remove_duplicate=False):
                names.setdefault(id(tensor), []).append(name)
    return {first: [first, *others] for first, *others in names.values()}


def as_model(model: Any, sample: Tensor, outputs: int) -> Model:
    """Take a model, wrap a module, or build the article's network when there is none.

    Args:
        model: a `Model`, a `torch.nn.Module`, or None for one hidden layer of 16 ReLU units.
        sample: a few inputs, `(samples, *features)`.
        outputs: how many outputs the labels ask for.

    Returns:
        The model.

    Raises:
        TypeError: if `model` is something else.
        ValueError: if it does not take these inputs, or its outputs do not fit the labels.
    """
    if model is None:
        if sample.ndim != 2 or not sample.is_floating_point():
            shape = ", ".join(["samples", *map(str, sample.shape[1:])])
            raise ValueError(
                f"model=None is a network for tables of real numbers: for inputs ({shape}), {sample.dtype}, "
                "give a torch.nn.Module"
            )
        return MLP((sample.shape[1], 16, outputs))
    if isinstance(model, nn.Module):
        if not any(p.requires_grad for p in model.parameters()):
            raise ValueError(f"model={type(model).__name__} has no parameters to train")
        if any(p.is_complex() for p in model.parameters()):
            raise ValueError(f"model={type(model).__name__} has complex parameters: expected real ones")
        model = TorchModel(model, sample)
    elif isinstance(model, TorchModel):
        model = model.again()
    if not isinstance(model, Model):
        raise TypeError(f"model={model!r}: expected an MLP, a torch.nn.Module or None")
    _check_fit(model, sample, outputs)
    return model


def _check_fit(model: Model, sample: Tensor, outputs: int) -> None:
    few, theta = sample[:2], model.start(0)[None].to(sample.device)
    x = few.to(theta.dtype) if few.is_floating_point() else few
    with torch.no_grad(), Randomness(0) if model.draws else nullcontext(), explained(sample):
        made = model(theta, x[None], model.buffers(1), training=False)
    shape, right = (
        tuple(made.shape[1:]) if isinstance(made, Tensor) else type(made).__name__,
        (len(few), outputs),
    )
    if shape != right:
        raise ValueError(f"model gives {shape} for {len(few)} samples: expected outputs of shape {right}")
