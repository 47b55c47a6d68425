"""A thousand handwritten digits, all to learn from, as several lessons train on them."""

from functools import cache

import torch
from torch import Tensor

__all__ = ["thousand_digits"]


@cache
def thousand_digits() -> tuple[Tensor, Tensor]:
    """The first 1,000 digits of scikit-learn: centred pixels whose overall standard deviation is 1.

    Returns:
        The pixels, `(1000, 64)`, and which digit each is, `(1000,)`; asked again, the same tensors.

    Example:
        >>> x, y = thousand_digits()
        >>> x.shape, y[:5].tolist()
        (torch.Size([1000, 64]), [0, 1, 2, 3, 4])

    Source:
        E. Alpaydin and C. Kaynak, "Optical recognition of handwritten digits", UCI, 1998; in scikit-learn.
    """
    from sklearn.datasets import load_digits  # noqa: PLC0415  (here, so that importing stays quick)

    x, y = load_digits(return_X_y=True)
    x, y = x[:1000], y[:1000]
    return torch.tensor((x - x.mean(axis=0)) / x.std(), dtype=torch.float32), torch.tensor(y)
