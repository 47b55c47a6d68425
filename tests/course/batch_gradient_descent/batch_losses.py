"""The oracle of this lesson: the article's loop at a constant rate."""

import numpy as np
from plain_loop import TORCH, article_mlp, decay, plain_loop

from optlab.course.batch_gradient_descent.trained import EPOCHS
from optlab.engine.data.iris import iris_pair


def plain_losses(lr, batch_size):
    """The training loss of a plain PyTorch loop."""
    return plain_loop(
        iris_pair(),
        article_mlp(0),
        optimizer=TORCH["sgd"],
        rate=decay(lr),
        batch_size=batch_size,
        epochs=EPOCHS,
    )[0]


def same_until_wild(printed, shown):
    """Compare two curves up to where one has blown up: from there on rounding alone parts two runs."""
    assert printed.shape == shown.shape
    wild = np.flatnonzero(~(shown < 2 * shown[0]))
    calm = slice(int(wild[0]) if wild.size else None)
    np.testing.assert_allclose(printed[calm], shown[calm], rtol=1e-3)
