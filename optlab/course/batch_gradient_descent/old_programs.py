"""Mini-batches of section 3.2 as programs in plain PyTorch."""

from __future__ import annotations

from typing import Any

from optlab.course.common.old_training_program import training_program

__all__ = ["batch_program", "noise_program", "scaling_program"]

EPOCHS = 20
MEASURE = """
# The gradient of every sample, then of 2048 random batches of 1, 2, ... samples.
model, x = model.double(), x.double()
rows = []
for i in range(80):
    model.zero_grad()
    loss([i]).backward()
    rows.append(torch.cat([p.grad.flatten() for p in model.parameters()]))
gradients = torch.stack(rows)
draw = torch.Generator().manual_seed(0)
orders = {orders}
total = 0
for size in range(1, {last}):
    total = total + gradients[orders[:, size - 1]]
    print(f"{{((total / size - gradients.mean(0)) ** 2).sum(1).mean().item():.6g}}")
"""
ORDERS = {
    "without replacement": "torch.rand(2048, 80, generator=draw).argsort(1)",
    "with replacement": "torch.randint(80, (2048, 80), generator=draw)",
}


def batch_program(settings: dict[str, Any]) -> str:
    """The program that trains 20 epochs with this batch size and prints the training loss.

    Args:
        settings: `lr` and `batch_size`.

    Returns:
        A program without optlab; it prints one loss before training and one after each epoch.

    Example:
        >>> "split(4)" in batch_program({"lr": 1.0, "batch_size": 4})
        True

    Source:
        Section 3.2 of the document.
    """
    return training_program({name: settings[name] for name in ("lr", "batch_size")}, epochs=EPOCHS)


def scaling_program(settings: dict[str, Any]) -> str:
    """The program that trains 20 epochs at a multiple of a rate and prints the training loss.

    Args:
        settings: `base`, `factor` and `batch_size`.

    Returns:
        A program without optlab; it prints one loss before training and one after each epoch.

    Example:
        >>> "lr=0.48" in scaling_program({"base": 0.03, "factor": 16.0, "batch_size": 16})
        True

    Source:
        Section 3.2 of the document.
    """
    lr = float(f"{settings['base'] * settings['factor']:.6g}")
    return batch_program({"lr": lr, "batch_size": settings["batch_size"]})


def noise_program(settings: dict[str, Any]) -> str:
    """The program that prints the variance of the gradient of batches of 1, 2, … samples.

    Args:
        settings: `epoch` and `draw`.

    Returns:
        A program without optlab; it prints a number for each batch size that has noise.

    Example:
        >>> "randint" in noise_program({"epoch": 3, "draw": "with replacement"})
        True

    Source:
        Section 3.2 of the document.
    """
    program = training_program({"lr": 0.5, "batch_size": 16}, epochs=int(settings["epoch"]))
    quiet = "def report():\n"
    before, after = program.split(quiet)
    loop = after.split("report()\n", 1)[1]  # without the printing of losses
    training = loop.replace("    report()\n", "").lstrip("\n")
    last = 80 if settings["draw"] == "without replacement" else 81
    measure = MEASURE.format(orders=ORDERS[settings["draw"]], last=last)
    return before + training + measure
