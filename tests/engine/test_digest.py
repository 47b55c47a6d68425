"""Digests: the same for the same in every process, another one for whatever training could tell apart."""

import datetime as dt
import functools
import os
import re
import subprocess
import sys
import threading
import types
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from optlab import MLP, iris_pair
from optlab.engine.sweeps.digest import digest

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
    max_leaves=6,
)


def typed(value):
    """A value with its types, so that 1, 1.0 and True, or -0.0 and 0.0, are not the same."""
    if isinstance(value, dict):
        return "dict", tuple((k, typed(v)) for k, v in value.items())
    if isinstance(value, (list, tuple)):
        return type(value), tuple(map(typed, value))
    return type(value), repr(value)


@given(plain, plain)
def test_plain_values_have_one_digest_when_they_are_the_same(one, other):
    assert (digest(one) == digest(other)) == (typed(one) == typed(other))


# Each line holds a pair of things that are different.
DIFFERENT = """
1 | True
1 | 1.0
"1" | 1
"ab" | b"ab"
["ab", "c"] | ["a", "bc"]
[1, [2]] | [1, 2]
(1, 2) | [1, 2]
{1, 2} | frozenset({1, 2})
{"a": 1} | {"a": 2}
np.float32(1) | np.float64(1)
np.zeros((2, 3)) | np.zeros((3, 2))
np.zeros(2) | np.zeros(2, np.float32)
np.array(["a", None], object) | np.array(["b", None], object)
torch.zeros(2) | torch.zeros(2, dtype=torch.bfloat16)
torch.zeros(2) | torch.zeros(2, requires_grad=True)
torch.zeros(2, 3) | torch.zeros(6)
torch.float32 | torch.float64
torch.relu | torch.tanh
np.exp | np.log
np.random.default_rng(1) | np.random.default_rng(2)
re.compile('a') | re.compile('b')
dt.date(2020, 1, 1) | dt.date(2020, 1, 2)
functools.partial(max, 1) | functools.partial(max, 2)
nn.ReLU() | nn.Tanh()
nn.Dropout(0.1) | nn.Dropout(0.2)
torch.manual_seed(1) and nn.LSTM(2, 3) | torch.manual_seed(2) and nn.LSTM(2, 3)
nn.Linear | nn.Conv1d
MLP((4, 2)) | MLP((4, 3, 2))
MLP((4, 2)) | MLP((4, 2), init="he")
iris_pair() | iris_pair(seed=4)
lambda x: x + 1 | lambda x: x + 2
lambda x: x.real | lambda x: x.imag
lambda x, k=1: k | lambda x, k=2: k
lambda *, k=1: k | lambda *, k=2: k
lambda a, b: a | lambda b, a: a
lambda: (lambda: 1) | lambda: (lambda: 2)
lambda: GLOBAL | lambda: OTHER
lambda: (lambda: GLOBAL) | lambda: (lambda: OTHER)
torch.Generator().manual_seed(1) | torch.Generator().manual_seed(2)
[].append | [1].append
"""
NAMES = {"np": np, "torch": torch, "nn": nn, "MLP": MLP, "iris_pair": iris_pair, "functools": functools}
NAMES |= {"re": re, "dt": dt, "GLOBAL": 1, "OTHER": 2}
PAIRS = [line.split(" | ") for line in DIFFERENT.strip().splitlines()]


@pytest.mark.parametrize("pair", PAIRS, ids=" | ".join)
def test_what_is_different_has_another_digest_and_what_is_made_again_the_same(pair):
    one, other = (eval(words, NAMES) for words in pair)
    assert digest(one) != digest(other)
    assert [digest(eval(words, NAMES)) for words in pair] == [digest(one), digest(other)]


def own(source):
    """A module that a learner wrote."""
    module = types.ModuleType("own")
    exec(source, vars(module))
    return module


SOURCE = """
from dataclasses import dataclass, field
from functools import cached_property
from torch import nn

RATE = 0.5

def inner(x):
    return outer(x - 1) * RATE if x else 1

def outer(x):
    return inner(x) + 1

class Base:
    scale = 2

    def __init__(self, k=1):
        self.k = k

    @property
    def twice(self):
        return 2 * self.k

    @staticmethod
    def three():
        return 3

    @classmethod
    def four(cls):
        return 4

    @cached_property
    def five(self):
        return 5

class Derived(Base):
    def __call__(self, x):
        return self.k * x

@dataclass(frozen=True)
class Fields:
    a: int = 1
    b: list = field(default_factory=list)

    def sum(self):
        return self.a + 1

class Slots:
    __slots__ = ("a",)
    def __init__(self):
        self.a = 1

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_forward_hook(lambda net, x, y: y + 1)

    def forward(self, x):
        return outer(x)
"""
CHANGES = {
    "RATE = 0.5": "RATE = 0.25",
    "inner(x) + 1": "inner(x) + 2",
    "scale = 2": "scale = 3",
    "2 * self.k": "3 * self.k",
    "return 3": "return 33",
    "return 4": "return 44",
    "return 5": "return 55",
    "self.k * x": "self.k + x",
    "a: int = 1": "a: int = 2",
    "self.a + 1": "self.a + 2",
    "self.a = 1": "self.a = 2",
    "y + 1": "y + 2",
    "outer(x)\n": "inner(x)\n",
}


def everything(source):
    module = own(source)
    held = [
        module.outer,
        module.Derived(),
        module.Fields(),
        module.Slots(),
        module.Net(),
        module.Derived().__call__,
    ]
    return digest(held)


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_in_ones_own_code_is_seen_wherever_it_is(change):
    assert SOURCE.count(change) == 1
    assert everything(SOURCE) == everything(SOURCE)
    assert everything(SOURCE) != everything(SOURCE.replace(change, CHANGES[change]))


def test_a_comment_and_a_place_are_not_seen():
    assert digest(own(SOURCE).outer) == digest(own("# a comment\n\n" + SOURCE).outer)


def test_what_an_object_has_worked_out_already_does_not_count():
    @dataclass(frozen=True)
    class Square:
        side: int

        @cached_property
        def area(self):
            return self.side**2

    fresh, used = Square(2), Square(2)
    assert used.area == 4
    assert digest(fresh) == digest(used)
    model = MLP((4, 2))
    before = digest(model)
    assert model.shapes
    assert digest(model) == before


def test_the_same_module_registered_later_has_the_same_digest():
    """Hooks are numbered as they come."""
    made = [nn.LazyLinear(2) for _ in range(2)]
    assert digest(made[0]) == digest(made[1])


def test_cycles_and_shared_parts_end():
    ring: list = [1]
    ring.append(ring)
    other: list = [1]
    other.append(other)
    assert digest(ring) == digest(other)
    deep: list = []
    for _ in range(60):  # 2**60 paths
        deep = [deep, deep]
    assert len(digest(deep)) == 64


def test_a_module_of_ones_own_counts_with_its_source(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    file = tmp_path / "own_losses.py"

    def made(text):
        file.write_text(text, encoding="utf-8")
        module = types.ModuleType("own_losses")
        module.__file__ = str(file)
        exec(text, vars(module))
        monkeypatch.setitem(sys.modules, "own_losses", module)
        return digest(eval("lambda x: own_losses.f(x)", {"own_losses": module}))

    assert made("def f(x): return x") == made("def f(x): return x") != made("def f(x): return -x")


def test_what_cannot_be_told_from_another_is_refused():
    for odd in ((n for n in range(3)), threading.Lock(), memoryview(b"a")):
        for value in (odd, [odd], {"a": odd}, lambda: odd, functools.partial(print, file=odd)):  # noqa: B023
            with pytest.raises(TypeError, match="cannot be told from another"):
                digest(value)


def test_another_process_finds_the_same_digests():
    """Where hashes of text are others, and so the order of sets is."""
    code = f"""
import torch
from torch import nn
from test_digest import MLP, SOURCE, digest, everything, iris_pair
torch.manual_seed(0)
print(digest([everything(SOURCE), {set("abcdef")!r}, nn.LSTM(2, 3), iris_pair(), MLP((4, 2))]))
"""
    path = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), *sys.path]))
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=False,
        ).stdout
        for seed in ("1", "2")
    }
    assert [len(text) for text in printed] == [65]


def test_an_ordered_dict_is_its_items():
    assert digest(OrderedDict(a=1)) == digest(OrderedDict([("a", 1)])) != digest(OrderedDict(a=2))
