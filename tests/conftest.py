"""Fixtures for the tests that need JupyterLab and a browser."""

import os

import pytest
from jupyter_lab import CHROMIUM_ARGS, JupyterLab, Notebook, find_chromium


@pytest.fixture(scope="session")
def jupyter(tmp_path_factory):
    """A running JupyterLab."""
    lab = JupyterLab(tmp_path_factory.mktemp("jupyter"))
    yield lab
    lab.close()


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium; without one the test is skipped, or fails where OPTLAB_REQUIRE_BROWSER=1."""
    path = find_chromium()
    if path is None:
        stop = pytest.fail if os.environ.get("OPTLAB_REQUIRE_BROWSER") == "1" else pytest.skip
        stop("no Chromium: install one, or set CHROMIUM to its path")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_notebook(jupyter, browser):
    """A function that opens a notebook: `open_notebook(cells, width=1280, height=900)`."""
    opened = []

    def open_it(cells, width=1280, height=900, scale=1):
        viewport = {"width": width, "height": height}
        page = browser.new_page(viewport=viewport, device_scale_factor=scale)
        opened.append(Notebook(page, jupyter, cells, name=f"test{len(list(jupyter.folder.iterdir()))}.ipynb"))
        return opened[-1]

    yield open_it
    for notebook in opened:
        notebook.close()


@pytest.fixture
def report(capsys):
    """Print a figure that was measured, past pytest's capture."""

    def show(*lines):
        with capsys.disabled():
            print("", *lines, sep="\n")  # noqa: T201

    return show
