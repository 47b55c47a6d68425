"""The labs of section 5 as programs in plain PyTorch."""

from __future__ import annotations

from typing import Any

from optlab.course.trends.edge import STEPS
from optlab.course.trends.rivals import BATCH_SIZE, BUDGET, COST, FRESH, NAMES

__all__ = [
    "edge_program",
    "promises_program",
    "rivals_program",
]

EDGE = """\
# At the edge the smallest difference grows. For some hundred steps these losses are those of the lab;
# then rounding parts the two runs, and the rest is alike, not the same.
import torch
from torch import nn

torch.manual_seed({seed})
model = nn.Sequential(nn.Linear(1, 20), nn.Tanh(), nn.Linear(20, 20), nn.Tanh(), nn.Linear(20, 1)).double()
x = torch.linspace(-1, 1, 20, dtype=torch.float64)[:, None]
y = torch.cos(4 * torch.acos(x))
optimizer = torch.optim.SGD(model.parameters(), lr={lr})
for step in range({steps}):
    loss = nn.functional.mse_loss(model(x), y)
    print(f"{{loss.item():.6g}}")
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(f"{{nn.functional.mse_loss(model(x), y).item():.6g}}")
"""

PROMISES = """\
import torch

# 30 directions, the flattest {kappa:g} times as flat as the steepest, whose curvature L is 1.
h = {kappa} ** torch.linspace(-1, 0, 30, dtype=torch.float64)
theta = torch.ones(30, dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.SGD([theta], lr={lr})
for step in range(1001):
    loss = (h * theta**2).sum() / 2
    print(f"{{loss.item():.6g}}")
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

DIGITS = """\
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn

x, y = load_digits(return_X_y=True)
parts = train_test_split(x[:800], y[:800], test_size=0.625, random_state=0, stratify=y[:800])
spread = parts[0].std(axis=0)
spread[spread == 0] = 1
x, x_test = (torch.tensor((p - parts[0].mean(axis=0)) / spread).float() for p in parts[:2])
y, y_test = map(torch.tensor, parts[2:])


def run(seed):
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(64, 16), nn.ReLU(), nn.Linear(16, 10))
    theta, shuffle = list(model.parameters()), torch.Generator().manual_seed(seed)
    {state}

    def gradients(batch):
        loss = nn.functional.cross_entropy(model(x[batch]), y[batch])
        return torch.autograd.grad(loss, theta)

    for epoch in range({epochs}):
        for batch in torch.randperm(len(x), generator=shuffle).split({batch_size}):
            grads = gradients(batch)
            with torch.no_grad():
{step}
{answer}    with torch.no_grad():
        return nn.functional.cross_entropy(model({x}), {y}).item()


ends = torch.tensor([run(seed) for seed in range({first}, {last})])
for end in ends:
    print(f"{{end:.6g}}")
"""

OPTIMIZER = (
    "optimizer = torch.optim.{call}",
    "for p, g in zip(theta, grads):\n    p.grad = g\noptimizer.step()",
)
LION = """\
for k, g in enumerate(grads):
    theta[k] -= {lr} * torch.sign(0.9 * m[k] + 0.1 * g)
    m[k] = 0.99 * m[k] + 0.01 * g
"""
MUON = """\
for k, g in enumerate(grads):
    m[k] = 0.95 * m[k] + g
    w = (g + 0.95 * m[k]).view(len(g), -1)  # a bias is a matrix of one column
    grown, w = max(1, len(w) / w.shape[1]) ** 0.5, w / w.norm().clamp(min=1e-7)
    for _ in range(5):
        s = w.T @ w
        w = 3.4445 * w + w @ (-4.7750 * s + 2.0315 * s @ s)
    theta[k] -= {lr} * grown * w.view_as(g)
"""
SAM = """\
climb = 0.05 / (torch.cat([g.flatten() for g in grads]).norm() + 1e-12)
for p, g in zip(theta, grads):
    p += climb * g
with torch.enable_grad():
    above = gradients(batch)
for k, g in enumerate(grads):
    m[k] = 0.9 * m[k] + above[k]
    theta[k] -= climb * g + {lr} * m[k]
"""
FREE = """\
t += 1
for k, g in enumerate(grads):
    z[k] -= {lr} * g
    average[k] += (z[k] - average[k]) / t
    theta[k].copy_(0.1 * z[k] + 0.9 * average[k])
"""
MEMORY = "m = [torch.zeros_like(p) for p in theta]"
POINTS = "z, average, t = [p.detach().clone() for p in theta], [p.detach().clone() for p in theta], 0"

RULES = {
    "momentum": (OPTIMIZER[0].format(call="SGD(theta, lr={lr}, momentum=0.9)"), OPTIMIZER[1]),
    "adamw": (OPTIMIZER[0].format(call="AdamW(theta, lr={lr})"), OPTIMIZER[1]),
    "lion": (MEMORY, LION),
    "muon": (MEMORY, MUON),
    "sam": (MEMORY, SAM),
    "schedule_free": (POINTS, FREE),
}
"""Each rule: what it keeps, and a step."""

ANSWER = """\
    with torch.no_grad():
        for p, mean in zip(theta, average):
            p.copy_(mean)
"""


def edge_program(settings: dict[str, Any], *, steps: int = STEPS) -> str:
    """The program that trains the tanh network at the edge of stability and prints its loss.

    Args:
        settings: `lr` and `seed`.
        steps: how many.

    Returns:
        A program without optlab; it prints one loss at the start and one after each step.
    """
    return EDGE.format(**settings, steps=steps)


def promises_program(settings: dict[str, Any]) -> str:
    """The program that descends the least squares with 30 curvatures and prints its loss.

    Args:
        settings: `lr` and `kappa`.

    Returns:
        A program without optlab; it prints one loss at the start and one after each of 1000 steps.
    """
    return PROMISES.format(**settings)


def rivals_program(settings: dict[str, Any], *, lr: float, budget: int = BUDGET) -> str:
    """The program that trains the digits with one of the rules, and prints where each seed ends.

    Args:
        settings: `judge` and `rule`.
        lr: the rate that this rule has in this setting.
        budget: epochs of gradients.

    Returns:
        A program without optlab; it prints the judge's loss at the end, one for each of twenty seeds.
    """
    rule = NAMES[settings["rule"]]
    keeps, step = (text.format(lr=lr) for text in RULES[rule])
    judged = ("x", "y") if settings["judge"].startswith("training") else ("x_test", "y_test")
    return DIGITS.format(
        state=keeps,
        step="\n".join(f"{' ' * 16}{line}" for line in step.splitlines()),
        answer=ANSWER if rule == "schedule_free" else "",
        epochs=budget // COST.get(rule, 1),
        batch_size=BATCH_SIZE,
        x=judged[0],
        y=judged[1],
        first=FRESH[0],
        last=FRESH[-1] + 1,
    )
