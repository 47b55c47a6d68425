"""Time GELU line by line and compiled, and add up what many calls cost; it needs a C++ compiler."""

import os
import tempfile
import time
import timeit

import torch

# Settings: change them here.
calls = 1000


def gelu(x):  # written out: eight operations on every number
    return 0.5 * x * (1 + torch.tanh(0.7978846 * (x + 0.044715 * x**3)))


def seconds(function):  # of a call, the best of 7
    return min(timeit.repeat(lambda: function(x), number=1, repeat=7))


torch.set_num_threads(1)
os.environ["TORCHINDUCTOR_VEC_ISA_OK"] = "1"  # trying the C++ compiler out takes as long again
x = torch.linspace(-3, 3, 2**20)
with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, torch.no_grad():
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = folder  # so that every run compiles anew
    began = time.perf_counter()
    fast = torch.compile(gelu)
    fast(x)  # here it is compiled
    first = time.perf_counter() - began
    eager, compiled = seconds(gelu), seconds(fast)
    apart = (fast(x) - gelu(x)).abs().max().item()

print(f"milliseconds a call, line by line {1e3 * eager:.3g}")
print(f"milliseconds a call, compiled {1e3 * compiled:.3g}")
print(f"seconds of the first compiled call {first:.3g}")
paid = f"compiled, compiling included {first + (calls - 1) * compiled:.3g}"  # seconds of all calls
print(f"calls {calls}  line by line {calls * eager:.3g}  {paid}")
print(f"largest difference of the answers {apart:.3g}")
