"""The oracle of this lesson: the article's loop at a constant rate."""

from plain_loop import TORCH, decay, document_mlp, plain_loop

from optlab.course.batch_gradient_descent.trained import EPOCHS
from optlab.engine.data.dataset import iris_pair


def plain_losses(lr, batch_size):
    """The training loss of a plain PyTorch loop."""
    return plain_loop(
        iris_pair(),
        document_mlp(0),
        optimizer=TORCH["sgd"],
        rate=decay(lr),
        batch_size=batch_size,
        epochs=EPOCHS,
    )[0]
