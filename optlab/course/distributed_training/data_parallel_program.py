"""Time a training step of one worker, and of two with half of the batch each.

Save it as a file, such as two_workers.py, and start that: each worker is a process of its own.
"""

import os
import socket
import tempfile
import time

import torch
import torch.distributed as dist
from torch import nn

# Settings: change them here.
width = 16  # hidden units
batch = 16  # samples


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
    store = dist.FileStore(f"{folder}/meet", 2)
    dist.init_process_group("gloo", store=store, rank=rank, world_size=2)
    torch.set_num_threads(1)
    net = nn.Sequential(nn.Linear(64, width), nn.ReLU(), nn.Linear(width, 10))
    x, y = torch.randn(batch, 64), torch.randint(10, (batch,))
    gradient = torch.zeros(sum(p.numel() for p in net.parameters()))

    def step(samples):
        net.zero_grad()
        nn.functional.cross_entropy(net(x[:samples]), y[:samples]).backward()

    alone = seconds(lambda: step(batch) if rank == 0 else None)  # the other one waits
    half, mean = seconds(lambda: step(batch // 2)), seconds(lambda: dist.all_reduce(gradient))
    if rank == 0:
        print(f"milliseconds a step: one worker {1e3 * alone:.4g}")
        print(f"milliseconds a step: two workers {1e3 * (half + mean):.4g}")
        print(f"their halves, ms {1e3 * half:.4g}  the mean, ms {1e3 * mean:.4g}")
        print(f"batch size {batch}  times as fast as one {alone / (half + mean):.4g}")
    dist.destroy_process_group()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        torch.multiprocessing.spawn(work, (folder,), nprocs=2)
