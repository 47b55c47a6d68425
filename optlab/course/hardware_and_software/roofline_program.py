"""Time one task, and print how fast it is beside the roof above it."""

import timeit

import torch

# Settings: change them here.
task = "train this course's network"  # or: add matrices, multiply matrices
n = 1  # the size of the matrices, or how many networks


def seconds(function):  # of a call, the best of 5 tries
    function()  # to warm up
    calls = 1 + int(0.02 / timeit.timeit(function, number=1))  # a try takes 20 milliseconds or more
    return min(timeit.repeat(function, number=calls, repeat=5)) / calls


def train():  # one step of n networks with 4 inputs, 16 hidden neurons and 2 outputs
    w1, b1, w2, b2 = theta
    outputs = torch.baddbmm(b2, w2, torch.baddbmm(b1, w1, x).relu())
    loss = torch.nn.functional.cross_entropy(outputs, y, reduction="sum") / 16
    return [p.detach() - 0.1 * g for p, g in zip(theta, torch.autograd.grad(loss, theta))]


torch.set_num_threads(1)
sizes = (16, 4), (16, 1), (2, 16), (2, 1)
theta = [torch.rand(n, *size, requires_grad=True) for size in sizes]
x, y = torch.ones(n, 4, 16), torch.zeros(n, 16, dtype=torch.int64)  # batches of 16
side = 4 * n if task == "add matrices" else n
a, b, out = torch.ones(3, side, side)
# for each task: the operations, the bytes that must move at least, and what to do
tasks = {
    "add matrices": (side**2, 12 * side**2, lambda: torch.add(a, b, out=out)),
    "multiply matrices": (2 * side**3, 12 * side**2, lambda: torch.mm(a, b, out=out)),
    "train this course's network": (6 * 96 * 16 * n, 8 * 114 * n, train),
}
operations, moved, function = tasks[task]
matrix = torch.ones(768, 768)
peak = 2 * 768**3 / seconds(lambda: matrix @ matrix)  # operations per second
long = torch.ones(3, 2**23)  # longer than any cache
bandwidth = 12 * 2**23 / seconds(lambda: torch.add(long[0], long[1], out=long[2]))  # bytes per second
took = seconds(function)
print(f"microseconds {1e6 * took:.4g}  operations {operations}")
roof = min(peak, bandwidth * operations / moved)
print(f"operations for each byte moved {operations / moved:.6g}  GFLOP/s {1e-9 * operations / took:.4g}")
print(f"GFLOP/s of the roof above it {1e-9 * roof:.4g}")
