"""The labs of section 5 on two workers as programs in plain PyTorch."""

from __future__ import annotations

from typing import Any

from optlab.experiments.cluster import EPOCHS, SPLITS
from optlab.programs.training import DATA

__all__ = ["local_sgd_program"]

LOCAL = """
torch.manual_seed(0)
first = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2)).double()
workers = [first, copy.deepcopy(first)]
optimizers = [torch.optim.SGD(worker.parameters(), lr={lr}) for worker in workers]
{own}
shuffles = [torch.Generator().manual_seed(rank) for rank in (0, 1)]


def mean():
    a, b = (worker.state_dict() for worker in workers)
    return {{name: (a[name] + b[name]) / 2 for name in a}}


def report():  # the loss of the mean model, whether the workers know it or not
    with torch.no_grad():
        outputs = torch.func.functional_call(first, mean(), x)
        print(f"{{nn.functional.cross_entropy(outputs, y).item():.6g}}")


report()
for epoch in range({epochs}):
    orders = [mine[torch.randperm(40, generator=draw)] for mine, draw in zip(own, shuffles)]
    pairs = zip(*(order.split(8) for order in orders))  # a batch for each worker, 5 times an epoch
    for step, batches in enumerate(pairs, start=5 * epoch + 1):
        for worker, optimizer, batch in zip(workers, optimizers, batches):
            optimizer.zero_grad()
            nn.functional.cross_entropy(worker(x[batch]), y[batch]).backward()
            optimizer.step()
        if step % {every} == 0:
            both = mean()
            for worker in workers:
                worker.load_state_dict(both)
    report()
"""

MIXED = """\
mixed = torch.randperm(80, generator=torch.Generator().manual_seed(7))
own = [mixed[::2], mixed[1::2]]  # the flowers of each worker"""
APART = "own = [torch.nonzero(y == species)[:, 0] for species in (0, 1)]  # the flowers of each worker"
OWN = dict(zip(SPLITS, (MIXED, APART), strict=True))


def local_sgd_program(settings: dict[str, Any]) -> str:
    """The program that runs local SGD with two workers in one process, and prints the loss of their mean.

    Args:
        settings: `every`, the steps between two means, `lr`, and `split`, how the flowers are shared out.

    Returns:
        A program without optlab; it prints one loss before training and one after each epoch.

    Example:
        >>> program = local_sgd_program({"every": 10, "lr": 0.1, "split": "mixed"})
        >>> "if step % 10 == 0:" in program
        True

    Source:
        S. Stich, "Local SGD converges fast and communicates little", 2019.
    """
    local = LOCAL.format(**settings | {"own": OWN[str(settings["split"])]}, epochs=EPOCHS)
    return "import copy\n\n" + DATA.replace("float32", "float64") + local
