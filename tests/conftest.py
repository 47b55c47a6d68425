"""Fixtures for the tests that need JupyterLab and a browser."""

import functools
import os
import threading

import hypothesis
import made_once
import pytest

from optlab.bench.jupyter_lab import CHROMIUM_ARGS, JupyterLab, Notebook, find_chromium

# Two workers share the cores: threads of one that wait for threads of another would only slow both.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# the first call of a compiled function compiles it, and a busy machine is slow: no law says how soon
hypothesis.settings.register_profile("optlab", deadline=None)
hypothesis.settings.load_profile("optlab")

MEASURED = "measured"
THREAD = "optlab-lab"
"""The name of a lab's own thread."""
SLOW = {
    "test_algorithm_goals",
    "test_boundary",
    "test_cli",
    "test_cluster",
    "test_cnn_in_the_lab",
    "test_compiled",
    "test_core_labs",
    "test_cost",
    "test_course",
    "test_data_goals",
    "test_deploy",
    "test_descent_lab",
    "test_device",
    "test_digest",
    "test_every_lab",
    "test_filling",
    "test_imports",
    "test_jit",
    "test_lab",
    "test_launch",
    "test_merging",
    "test_moons",
    "test_order_lab",
    "test_own_networks",
    "test_own_networks_in_the_lab",
    "test_own_targets",
    "test_planted_faults",
    "test_predictions",
    "test_programs",
    "test_race",
    "test_rivals",
    "test_runs",
    "test_short_bench",
    "test_speed",
    "test_sweep_chunks",
    "test_sweep_cluster",
    "test_techniques",
    "test_theory",
    "test_walk",
    "test_your_own_network_page",
}
"""Modules that make large tables, compile, or start processes that import torch anew."""


def pytest_xdist_auto_num_workers(config):
    """One worker a core, up to eight, and one more where browsers are waited for."""
    cores = min(8, os.cpu_count() or 1)
    return cores if "not slow" in config.option.markexpr else cores + 1


def pytest_configure(config):
    """Give the whole run, its workers and their processes one place for what is made once."""
    if not hasattr(config, "workerinput"):
        made_once.begin()
        config.add_cleanup(made_once.end)


def pytest_collection_modifyitems(items):
    """Mark as slow what a contributor's short loop leaves out: `pytest -m "not slow"`."""
    for item in items:
        drives_a_browser = {"browser", "open_notebook"} & set(getattr(item, "fixturenames", ()))
        notebook = item.path.suffix == ".ipynb"
        if notebook or drives_a_browser or "program" in item.name or item.path.stem in SLOW:
            item.add_marker("slow")


def pytest_generate_tests(metafunc):
    """Run a test that asks for `device` on every device that is here, one for `either_engine` there too."""
    if "device" in metafunc.fixturenames:
        from optlab.engine.training.device import available

        metafunc.parametrize("device", available())
    if "either_engine" in metafunc.fixturenames:
        engines = ["autograd", "compiled", *_accelerators()]
        metafunc.parametrize("either_engine", engines, indirect=True)


@functools.cache
def _accelerators():
    """Devices beside the CPU that the training oracles can run on: some use double precision."""
    import torch

    from optlab.engine.training.device import available

    try:
        return [
            name
            for name in available()[1:]
            if torch.zeros(1, dtype=torch.float64, device=name).is_floating_point()
        ]
    except (TypeError, RuntimeError):  # mps
        return []


@pytest.fixture
def either_engine(request, monkeypatch):
    """Let `train` use autograd, here or on an accelerator, or the compiled kernel where it can train."""
    from optlab.engine.training import engines, train

    patience = {"compiled": 1e6}.get(request.param, 0.0)
    monkeypatch.setattr(engines, "cost_by_autograd", lambda _: patience)
    if request.param not in ("autograd", "compiled"):
        there = train.training_device
        monkeypatch.setattr(
            train, "training_device", lambda device, data: there(device or request.param, data)
        )


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


@pytest.fixture(scope="module", autouse=True)
def no_lab_goes_on():
    """A module closes its labs: one that goes on training would disturb whatever is measured after it."""
    before = lab_threads()
    yield
    left = lab_threads() - before
    for thread in left:
        thread.join(20)  # a lab that was closed still ends what it was computing
    left = {thread for thread in left if thread.is_alive()}
    assert not left, f"{len(left)} labs were not closed"


def lab_threads():
    """The labs that train in the background."""
    return {thread for thread in threading.enumerate() if thread.name == THREAD}


@pytest.fixture(scope="module")
def on_one_thread():
    """Let torch compute on one thread while a module's tests run."""
    from optlab.engine.systems.threads import threads

    with threads(1):
        yield


@pytest.fixture(scope="session")
def idle_notebooks():
    """Notebooks that wait to be used again: a page and a kernel take seconds."""
    waiting = []
    yield waiting
    for notebook in waiting:
        notebook.close()


@pytest.fixture
def open_notebook(jupyter, browser, idle_notebooks, request):
    """A function that opens a notebook: `open_notebook(cells, width=1280, height=900)`.

    It may be one of an earlier test, with other cells. `new=True` opens one with a kernel of its own.
    """
    opened, failed = [], request.session.testsfailed

    def open_it(cells, width=1280, height=900, scale=1, new=False):
        if idle_notebooks and not new:
            notebook = idle_notebooks.pop()
            notebook.replace(cells)
        else:
            name = f"test{len(list(jupyter.folder.iterdir()))}.ipynb"
            notebook = Notebook(browser.new_page(), jupyter, cells, name=name)
        notebook.resize(width, height, scale)
        opened.append(notebook)
        return notebook

    yield open_it
    for notebook in opened:
        if request.session.testsfailed == failed:
            notebook.replace([""])  # nothing goes on training
            idle_notebooks.append(notebook)
        else:
            notebook.close()


@pytest.fixture
def report(record_property):
    """Print a figure that was measured, at the end of the whole test run."""

    def show(*lines):
        for line in lines:
            record_property(MEASURED, str(line))

    return show


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Say what the browser's pages show when a test fails."""
    made = yield
    browser = getattr(item, "funcargs", {}).get("browser")
    if made.failed and browser is not None:
        from seen_when_failed import seen

        made.sections.append(("the browser's pages", seen(browser)))
    return made


def pytest_terminal_summary(terminalreporter):
    """Say what was measured: a worker's own output would be lost."""
    reports = [report for some in terminalreporter.stats.values() for report in some]
    lines = [
        value
        for report in reports
        if getattr(report, "when", None) == "call"
        for name, value in report.user_properties
        if name == MEASURED
    ]
    if lines:
        terminalreporter.section("measured")
        terminalreporter.write("\n".join([*lines, ""]))
