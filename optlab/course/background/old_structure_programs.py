"""The networks of section 1 by width and depth, and pruned, as programs in plain PyTorch."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from textwrap import indent
from typing import Any

from optlab.course.background.old_programs import IMPORTS, SPLIT
from optlab.course.background.pruning import WAYS, WIDTH
from optlab.course.background.shape import SEEDS

__all__ = ["pruning_program", "shape_program"]

TIMEIT = "import timeit\n\n"
PRUNE = "from torch.nn.utils import prune\n"

TRAINED = """\
model = nn.Sequential(
{layers}
)
torch.manual_seed({seed})  # of the initial weights
for layer in model[::2]:
    nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    nn.init.zeros_(layer.bias)
optimizer = torch.optim.Adam(model.parameters(), lr={lr})
shuffle = torch.Generator().manual_seed({seed})  # of the mini-batches
for epoch in range(8):
    for batch in torch.randperm(len(x), generator=shuffle).split(64):
        optimizer.zero_grad()
        F.cross_entropy(model(x[batch]), y[batch]).backward()
        optimizer.step()
"""

SHAPE = """
torch.set_num_threads(1)
right = []
for seed in {seeds}:
{trained}    right.append((model(x_test).argmax(1) == y_test).float().mean().item())
with torch.inference_mode():
    seconds = timeit.repeat(lambda: model(x_test), number=1, repeat=15)
print(f"accuracy: {{sum(right) / len(right):.6g}}")
print(f"parameters: {{sum(p.numel() for p in model.parameters())}}")
print(f"microseconds: {{min(seconds) * 1e6:.3g}}")  # for all test digits
"""

PRUNED = """
torch.set_num_threads(1)
{trained}
{removed}
with torch.inference_mode():
    right = (model(x_test).argmax(1) == y_test).float().mean().item()
    seconds = timeit.repeat(lambda: model(x_test), number=1, repeat=15)
print(f"accuracy: {{right:.6g}}")
print(f"parameters: {{sum(torch.count_nonzero(p).item() for p in model.parameters())}}")  # not 0
print(f"milliseconds: {{min(seconds) * 1e3:.3g}}")  # for all test digits
"""

SMALLEST = """\
weights = [(layer, "weight") for layer in model[::2]]
prune.global_unstructured(weights, prune.L1Unstructured, amount={amount})
for layer, name in weights:
    prune.remove(layer, name)  # keeps the zeros, drops the masks"""
RANDOM = """\
draw = torch.Generator().manual_seed(0)
for layer in model[::2]:
    mask = torch.rand(layer.weight.shape, generator=draw) >= {amount}
    prune.custom_from_mask(layer, "weight", mask)
    prune.remove(layer, "weight")  # keeps the zeros, drops the mask"""
NEURONS = """\
for k in (0, 2):  # what goes through a neuron: the weights into it times those out of it
    here, after = model[k], model[k + 2]
    through = here.weight.norm(dim=1) * after.weight.norm(dim=0)
    keep = through.topk({width} - round({amount} * {width})).indices.sort().values
    here.weight.data, here.bias.data = here.weight.data[keep], here.bias.data[keep]
    after.weight.data = after.weight.data[:, keep]"""
REMOVED = dict(zip(WAYS, (SMALLEST, RANDOM, NEURONS), strict=True))


def shape_program(settings: dict[str, Any]) -> str:
    """The program that trains a network of some width and depth on two seeds, and says what it can and costs.

    Args:
        settings: `width` and `depth`, the number of hidden layers.

    Returns:
        A program without optlab; it prints the mean test accuracy, the parameters, and a measured time.

    Example:
        >>> print(shape_program({"width": 4, "depth": 1}).splitlines()[19].strip())
        nn.Linear(64, 4), nn.ReLU(),

    Source:
        Section 1 of the document: design of the network structure.
    """
    widths = (64, *[settings["width"]] * settings["depth"], 10)
    trained = indent(_training(widths, lr=0.01, seed="seed"), " " * 4)
    return TIMEIT + IMPORTS + SPLIT + SHAPE.format(trained=trained, seeds=tuple(SEEDS))


def pruning_program(settings: dict[str, Any]) -> str:
    """The program that trains a network, removes a share of it, and says what is left.

    Args:
        settings: `way`, what is removed, and `amount`, the share.

    Returns:
        A program without optlab; it prints the test accuracy, the parameters that are not 0, and a measured
        time.

    Example:
        >>> "amount=0.8)" in pruning_program({"way": "smallest weights", "amount": 0.8})
        True

    Source:
        Section 1 of the document: pruning of the network structure; `torch.nn.utils.prune`.
    """
    way = str(settings["way"])
    removed = REMOVED[way].format(amount=settings["amount"], width=WIDTH)
    imports = IMPORTS if way == WAYS[2] else IMPORTS + PRUNE
    trained = _training((64, WIDTH, WIDTH, 10), lr=0.003, seed="0")
    return TIMEIT + imports + SPLIT + PRUNED.format(trained=trained, removed=removed)


def _training(widths: Sequence[int], *, lr: float, seed: str) -> str:
    """The lines that train a network whose layers have these widths."""
    layers = ", nn.ReLU(),\n".join(
        f"    nn.Linear({inputs}, {outputs})" for inputs, outputs in pairwise(widths)
    )
    return TRAINED.format(layers=layers + ",", lr=lr, seed=seed)
