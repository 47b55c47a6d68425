"""The exercises of 01.1: count parameters, remove neurons, name the winner of a race."""

import torch

from optlab.course.common.exercise import Exercise, Mistake

NAN = float("nan")


def _lowest(means: torch.Tensor) -> int:
    """The row of the lowest number, those that are not finite left out."""
    return int(means.nan_to_num(torch.inf).flatten().argmin()) // means[0].numel()


FAIR_WINNER = Exercise(
    prompt="Which rule wins? From the loss at the end for each rule, rate and seed, the winner's number.",
    cases=(
        (torch.tensor([[[0.5, 0.5], [9.0, 9.0]], [[0.6, 0.6], [0.3, 0.3]]]),),
        (torch.tensor([[[0.5], [0.6], [0.7]], [[0.4], [3.0], [9.0]]]),),
        (torch.tensor([[[0.3, 0.3], [0.1, NAN]], [[0.2, 0.2], [0.25, 0.25]]]),),
        (torch.tensor([[[0.5, 0.5], [0.45, 0.45]], [[0.9, 0.9], [0.05, 1.0]], [[0.4, 0.4], [2.0, 2.0]]]),),
        (torch.tensor([[[0.7], [0.3]], [[0.2], [5.0]], [[0.6], [0.5]]]),),
    ),
    truth=lambda losses: _lowest(losses.mean(2)),
    mistakes=(
        Mistake(
            lambda losses: _lowest(losses.nanmean((1, 2))[:, None]),
            "You average over the rates too: a rule with one good rate and many bad ones loses. Nobody uses "
            "the bad ones.",
        ),
        Mistake(
            lambda losses: _lowest(
                losses.mean(2)[:, losses.mean(2).nan_to_num(torch.inf).sum(0).argmin(), None]
            ),
            "You compare at one common rate. Each rule has a rate of its own.",
        ),
        Mistake(
            _lowest,
            "You take the best seed of the best rate: that is luck. First take the mean over the seeds.",
        ),
        Mistake(
            lambda losses: _lowest(losses.nanmean(2)),
            "At one rate a training diverged (nan), and you count only the seed that did not.",
        ),
        Mistake(
            lambda losses: int(losses.mean(2).nan_to_num(torch.inf).min(1).values.argmax()),
            "That rule is the worst of all at its best rate. A low loss is good.",
        ),
    ),
    hint="First the mean over the seeds, the last axis; then for each rule the lowest over its rates; then "
    "compare the rules. nan means that a training diverged.",
    praise="This is how a race between rules should be told: each at its own rate, on several seeds.",
    solution=(
        "def fair_winner(losses):\n"
        "    means = losses.mean(2).nan_to_num(float('inf'))\n"
        "    return means.min(1).values.argmin()"
    ),
)


def _without(weight: torch.Tensor, fraction: float, sizes: torch.Tensor) -> torch.Tensor:
    """The rows that are left when those of the smallest sizes are gone."""
    gone = sizes.argsort()[: round(fraction * len(weight))]
    return weight[[k for k in range(len(weight)) if k not in gone]]


PARAMETERS = Exercise(
    prompt="How many numbers a linear layer with biases has.",
    cases=((4, 16), (16, 2), (64, 64), (1, 10)),
    truth=lambda inputs, outputs: (inputs + 1) * outputs,
    mistakes=(
        Mistake(
            lambda inputs, outputs: inputs * outputs, "Those are the weights. Each neuron has a bias, too."
        ),
        Mistake(
            lambda inputs, outputs: inputs * (outputs + 1),
            "A bias for each input? It belongs to a neuron, and there is one for each output.",
        ),
        Mistake(lambda inputs, outputs: inputs + outputs, "Each output looks at every input."),
    ),
    hint="Each output has a weight for every input, and a bias.",
    praise="Sum it over the layers: 64-32-10 has 2410 parameters, as in the lab.",
    solution="def parameters(inputs, outputs):\n    return (inputs + 1) * outputs",
)

WITHOUT_NEURONS = Exercise(
    prompt="The weights of a layer, without the fraction of its neurons that have the smallest weights.",
    cases=(
        (torch.tensor([[0.1, 0.1], [2.0, 0.0], [-3.0, 1.0], [0.0, 0.5]]), 0.5),
        (torch.tensor([[0.9, 0.9, 0.9], [1.2, 0.0, 0.0], [0.0, 0.1, -0.1]]), 1 / 3),
        (torch.tensor([[0.8, 0.8, 0.8], [1.2, 0.0, 0.0], [2.0, 2.0, 2.0], [3.0, 0.0, 3.0]]), 0.25),
        (torch.tensor([[-1.0, -2.0], [0.5, 0.5]]), 0.0),
    ),
    truth=lambda weight, fraction: _without(weight, fraction, weight.norm(dim=1)),
    mistakes=(
        Mistake(
            lambda weight, fraction: torch.where(
                weight.norm(dim=1, keepdim=True).argsort(0).argsort(0) < round(fraction * len(weight)),
                torch.zeros_like(weight),
                weight,
            ),
            "The rows are 0, but the matrix is as large as before, and takes as long. Leave them out.",
        ),
        Mistake(
            lambda weight, fraction: _without(weight, fraction, -weight.norm(dim=1)),
            "These are the largest neurons. They are the ones to keep.",
        ),
        Mistake(
            lambda weight, fraction: _without(weight, fraction, weight.abs().max(1).values),
            "You compare the largest weight of each neuron. Take the norm: many middling weights count, too.",
        ),
        Mistake(
            lambda weight, fraction: _without(weight, fraction, weight.sum(1)),
            "A sum lets weights of two signs cancel. Take the norm.",
        ),
    ),
    hint="A neuron is a row. Sort the rows by their norm, and keep those that are not among the smallest, in "
    "the order they had.",
    praise="The next layer loses the columns of the same neurons: both products are smaller, and faster.",
    solution=(
        "def without_neurons(weight, fraction):\n"
        "    smallest = weight.norm(dim=1).argsort()[: round(fraction * len(weight))]\n"
        "    kept = [k for k in range(len(weight)) if k not in smallest]\n"
        "    return weight[kept]"
    ),
)
