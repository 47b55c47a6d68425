"""A lab of trainings, whose network can be taken away."""

from __future__ import annotations

from typing import Any

from torch import nn

from optlab import Dataset, Lab
from optlab.engine.models.mlp import Model
from optlab.engine.models.trained import as_module
from optlab.engine.training.history import NEVER

__all__ = ["TrainedLab"]


class TrainedLab(Lab):
    """A lab that shows a `History`, and gives the network of the setting on the sliders.

    Args:
        parts: as in `Lab`.
        data: what is learnt from.
        network: what is trained.
        options: as in `Lab`.

    Attributes:
        data: the dataset, as it was trained on: `X` of a pair is standardised, so the network expects
            inputs like `data.x_test`.

    Example:
        >>> from optlab import labs
        >>> lab = labs.training_lab(epochs=20)
        >>> net = lab.model()
        >>> net(lab.data.x_test).shape
        torch.Size([20, 2])
        >>> lab.close()
    """

    def __init__(self, *parts: Any, data: Dataset, network: Model, **options: Any) -> None:
        self.data, self._network = data, network
        super().__init__(*parts, **options)

    def model(self) -> nn.Module:
        """The trained network of the setting on the sliders, with its weights; waits until it is trained.

        Returns:
            A new `torch.nn.Module` in `eval` mode: the layers that were given to the lab, or an
            `nn.Sequential` of the default network's.

        Raises:
            ValueError: if this training has diverged, so that there is no network.
            RuntimeError: if this setting cannot be trained.
        """
        shown = self.result
        if shown.diverged_at[0] != NEVER:
            raise ValueError(
                f"this training diverged at epoch {shown.diverged_at[0]}: expected a setting that trains, "
                "such as one of a smaller learning rate"
            )
        return as_module(self._network, shown.weights)
