"""Fixtures for labs: one that the tests of a module share, and that each of them finds at its defaults."""

import pytest


def shared(*makers):
    """A fixture of the module: a lab, made by each of `makers` in turn and closed at the end."""

    @pytest.fixture(scope="module", params=makers, ids=lambda make: make.__name__)
    def lab(request):
        made = request.param()
        yield made
        made.close()

    return lab


def at_the_defaults(*names):
    """A fixture for every test of a module: those of the labs of these names that it uses are reset."""

    @pytest.fixture(autouse=True)
    def reset(request):
        for name in set(names) & set(request.fixturenames):
            request.getfixturevalue(name).reset()

    return reset
