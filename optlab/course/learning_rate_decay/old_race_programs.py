"""A run of section 3.4's race of schedules as a program in plain PyTorch."""

from __future__ import annotations

from typing import Any

from optlab.course.common.old_training_program import DATA
from optlab.course.learning_rate_decay.race import L2, LEAST, SEEDS

__all__ = ["race_program"]

DECAY = "LambdaLR(\n        optimizer, lambda t: (1 / (1 + {delta:g} * t) ** 0.5) ** {p:g}\n    )"
CYCLE = """\
OneCycleLR(
        optimizer, max_lr={lr}, total_steps={epochs}, pct_start={rise:g}, cycle_momentum=False
    )"""

SCHEDULERS = {
    "constant": "ConstantLR(optimizer, factor=1)",
    "decay p = 1": DECAY,
    "decay p = 2": DECAY,
    "step": "StepLR(optimizer, step_size={every:g}, gamma={gamma:g})",
    "exponential": "ExponentialLR(optimizer, gamma={gamma:g})",
    "cosine": "CosineAnnealingLR(optimizer, T_max={epochs})",
    "one-cycle": CYCLE,
    "warm-up": "LambdaLR(optimizer, lambda t: min(1, (t + 1) / {over:g}))",
    "plateau": "ReduceLROnPlateau(optimizer, factor={factor:g}, patience={patience:g})",
}
"""Each schedule as torch has it; what stands in braces is its tuned shape."""

RUN = """\


def run(seed):  # how far the loss is above the least there is, before training and after each epoch
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
    optimizer = torch.optim.SGD(model.parameters(), lr={lr})
    scheduler = torch.optim.lr_scheduler.{scheduler}
    shuffle = torch.Generator().manual_seed(seed)

    def loss(batch):
        return nn.functional.cross_entropy(model(x[batch]), y[batch])

    def penalty():
        return {l2} * ((model[0].weight ** 2).sum() + (model[2].weight ** 2).sum())

    above = [(loss(range(80)) + penalty()).item() - {least}]
    for epoch in range({epochs}):
        for flower in torch.randperm(80, generator=shuffle).split(1):
            optimizer.zero_grad()
            (loss(flower) + penalty()).backward()
            optimizer.step()
        scheduler.step({hears})
        above.append((loss(range(80)) + penalty()).item() - {least})
    return above


for mean in torch.tensor([run(seed) for seed in range({seeds})]).mean(0):
    print(f"{{mean:.6g}}")
"""


def race_program(settings: dict[str, Any], *, shapes: dict[str, dict[str, float]], epochs: int) -> str:
    """The program that trains section 4's network with one of the race's schedules, on each seed.

    Args:
        settings: `schedule`, one of `RUNNERS`, and `lr`.
        shapes: what each schedule was tuned to, as `Race.shape` has it.
        epochs: passes over the training data, one flower a step.

    Returns:
        A program without optlab; it prints how far the mean loss of the seeds is above the least, before
        training and after each epoch.

    Example:
        >>> program = race_program({"schedule": "cosine", "lr": 0.1}, shapes={"cosine": {}}, epochs=25)
        >>> print(*(line.strip() for line in program.splitlines() if "scheduler =" in line))
        scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=25)

    Source:
        Section 3.4 of the document.
    """
    name, lr = settings["schedule"], settings["lr"]
    scheduler = SCHEDULERS[name].format(**shapes[name], lr=lr, epochs=epochs)
    hears = "loss(range(80)).item()" if name == "plateau" else ""
    text = RUN.format(
        lr=lr, scheduler=scheduler, hears=hears, l2=L2, least=LEAST, epochs=epochs, seeds=len(SEEDS)
    )
    return DATA + text
