"""The labs of section 5 on two workers as programs in plain PyTorch."""

from __future__ import annotations

from typing import Any

from optlab.course.common.old_training_program import DATA
from optlab.course.trends.cluster import EPOCHS, SPLITS

__all__ = ["data_parallel_program", "local_sgd_program"]

STEPS = """\
# Save it as a file, such as two_workers.py, and start that: each worker is a process of its own.
import os
import socket
import tempfile
import time

import torch
import torch.distributed as dist
from torch import nn


def seconds(function):  # the best of 7 tries; both workers begin together
    tries = []
    for _ in range(7):
        dist.barrier()
        began = time.perf_counter()
        function()
        tries.append(time.perf_counter() - began)
    return min(tries)


def work(rank, folder):
    # loopback and a file to meet at: nothing leaves this machine
    os.environ["GLOO_SOCKET_IFNAME"] = next(n for _, n in socket.if_nameindex() if n[:2] == "lo")
    store = dist.FileStore(f"{{folder}}/meet", 2)
    dist.init_process_group("gloo", store=store, rank=rank, world_size=2)
    torch.set_num_threads(1)
    net = nn.Sequential(nn.Linear(64, {width}), nn.ReLU(), nn.Linear({width}, 10))
    x, y = torch.randn({batch}, 64), torch.randint(10, ({batch},))
    gradient = torch.zeros(sum(p.numel() for p in net.parameters()))

    def step(samples):
        net.zero_grad()
        nn.functional.cross_entropy(net(x[:samples]), y[:samples]).backward()

    alone = seconds(lambda: step({batch}) if rank == 0 else None)  # the other one waits
    half, mean = seconds(lambda: step({batch} // 2)), seconds(lambda: dist.all_reduce(gradient))
    if rank == 0:
        print(f"one worker, seconds a step: {{alone:.4g}}")
        print(f"two workers, seconds a step: {{half + mean:.4g}}")
        print(f"their halves, seconds: {{half:.4g}}\\nthe mean, seconds: {{mean:.4g}}")
    dist.destroy_process_group()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        torch.multiprocessing.spawn(work, (folder,), nprocs=2)
"""

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


def data_parallel_program(settings: dict[str, Any]) -> str:
    """The program that times a step of one worker, and of two real ones with half of the batch each.

    Args:
        settings: `width`, the hidden units, and `batch`, the samples.

    Returns:
        A program without optlab, to be saved as a file; it prints names and seconds. It takes a few seconds,
        most of them to start the processes.

    Example:
        >>> "step(64 // 2)" in data_parallel_program({"width": 16, "batch": 64})
        True

    Source:
        J. Dean et al., "Large scale distributed deep networks", 2012.
    """
    return STEPS.format(**settings)


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
