"""What 00 says that chance could break."""

from robust import claim

from optlab import iris_pair, train


def raised(data, seed, length):
    """The test loss at α₀ = 1 over that at 0.1."""
    small, large = train(data, lr=[0.1, 1.0], epochs=round(100 * length), seed=seed).test_loss[:, -1]
    return large / small


@claim("00", "On these 20 flowers a tenfold rate more than doubles the test loss, from any start")
def by_heart(seed, length):
    return raised(iris_pair(), seed, length) > 2


@claim("00", "With other flowers held back it does so in half of the draws or fewer", at_least=0.2)
def by_draw(seed, length):
    return raised(iris_pair(seed=seed), seed, length) > 2


@claim("00", "The tenfold rate gives the lower training loss")
def nearer(seed, length):
    small, large = train(iris_pair(), lr=[0.1, 1.0], epochs=round(100 * length), seed=seed).train_loss[:, -1]
    return large < small
