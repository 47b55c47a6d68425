"""Which batch sizes a lab offers for so many samples."""

from dataclasses import replace

import numpy as np

from optlab import Param
from optlab.engine.models.mlp import Model
from optlab.engine.training.batches import fitting
from optlab.params import BATCH_SIZE

MOST_UPDATES = 512
"""Smaller batches than this many in an epoch are not offered: an epoch would take too long."""


def batch_sizes(samples: int, network: Model) -> Param:
    """The slider of B: powers of two that fit the data and the network, and all samples at once.

    It begins at the size nearest to that of section 4, on a log scale, as the sizes are.

    Args:
        samples: how many training samples there are.
        network: some cannot be trained on a batch of one sample.

    Returns:
        The slider.

    Example:
        >>> from optlab import MLP
        >>> slider = batch_sizes(2600, MLP((4, 16, 2)))
        >>> slider.values, slider.default
        ((8, 16, 32, 64, 128, 256, 512, 1024, 2048, 2600), 16)
    """
    powers = [2**k for k in range(samples.bit_length())]
    sizes = [size for size in powers if size < samples <= size * MOST_UPDATES]
    values = tuple(fitting(network, [*sizes, samples], samples))
    default = min(values, key=lambda size: abs(np.log(size / BATCH_SIZE.default)))
    return replace(BATCH_SIZE, values=values, default=default)
