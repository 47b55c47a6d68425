"""What every step of a walk needs: its rate by the article's decay, and its noise."""

from functools import cache
from typing import Any

import numpy as np
import torch

from optlab.engine.rules.schedules import power_decay


def decayed_rates(settings: dict[str, Any], steps: int, epoch: int = 1) -> np.ndarray:
    """The rate of every step by the article's decay: α_t = α₀ (1 / √(1 + δt))^p.

    Args:
        settings: `lr`, `delta` and `p`, each `(settings,)`; `count` says what t counts, "steps" (also if left
            out) or "epochs".
        steps: how many steps.
        epoch: steps per epoch.

    Returns:
        `(settings, steps)`.

    Example:
        >>> columns = {"lr": [1.0, 1.0], "delta": [1.0, 1.0], "p": [2.0, 2.0], "count": ["steps", "epochs"]}
        >>> settings = {name: np.array(column) for name, column in columns.items()}
        >>> decayed_rates(settings, steps=4, epoch=2).round(3).tolist()
        [[1.0, 0.5, 0.333, 0.25], [1.0, 1.0, 0.5, 0.5]]

    Source:
        The article, section 3.4.
    """
    lr, delta, p = (
        torch.as_tensor(settings[name], dtype=torch.float64)[:, None] for name in ("lr", "delta", "p")
    )
    unit = np.where(np.asarray(settings.get("count", "steps")) == "epochs", epoch, 1).reshape(-1, 1)
    t = torch.from_numpy(np.arange(steps) // unit).double()
    return power_decay(t, lr=lr, delta=delta, p=p).numpy()


@cache
def noise(steps: int, walks: int, seed: int = 0) -> np.ndarray:
    """The noise of every step of every walk, the same for the same seed.

    Args:
        steps: how many steps.
        walks: how many walks.
        seed: of `torch.Generator`, so that a plain PyTorch loop can draw the same.

    Returns:
        Standard normal numbers `(steps, walks)`; drawn once, read-only.

    Example:
        >>> noise(2, 1).round(4).tolist()
        [[1.541], [-0.2934]]
    """
    generator = torch.Generator().manual_seed(seed)
    drawn = torch.randn(steps, walks, generator=generator).double().numpy()
    drawn.flags.writeable = False
    return drawn
