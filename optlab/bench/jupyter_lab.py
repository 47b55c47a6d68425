"""A real JupyterLab, started for a while, and a notebook driven in a browser; the tests use it, too."""

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat

from optlab.engine.systems.children import environment
from optlab.server import CONFIG

__all__ = ["CHROMIUM_ARGS", "JupyterLab", "Notebook", "find_chromium"]

CHROMIUM_ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {"autoStartDefaultKernel": True},
}


def find_chromium() -> str | None:
    """The path of a Chromium: $CHROMIUM, or the first one found on the PATH; None without any."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


# ---------------------------------------------------------------- the server


class JupyterLab:
    """A JupyterLab server of its own.

    Args:
        home: its folder, settings and kernels are all below it.

    Attributes:
        port: where it listens.
        door: the port that browsers are sent to; another one that leads here may be put in its place.

    Raises:
        RuntimeError: if the server does not answer within a minute.
    """

    def __init__(self, home: Path) -> None:
        self.folder = home / "work"
        self.folder.mkdir(parents=True)
        self.token = secrets.token_hex(16)
        self.port = self.door = free_port()
        write_settings(home / "settings")
        self.log = (home / "log.txt").open("w+")
        self.process = subprocess.Popen(  # noqa: S603 - our own words
            self._command(),
            env=self._environment(home),
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        self._wait_until_it_answers()

    def url(self, notebook: str) -> str:
        """The address of a notebook, in a workspace of its own: no other notebook's tabs come back."""
        workspace = notebook.removesuffix(".ipynb")
        return f"http://127.0.0.1:{self.door}/lab/workspaces/{workspace}/tree/{notebook}?token={self.token}"

    def close(self) -> None:
        """End the server and its kernels: they are one process group."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.log.close()

    def _command(self) -> list[str]:
        options = {
            "ServerApp.port": self.port,
            "ServerApp.port_retries": 0,
            "ServerApp.root_dir": self.folder,
            "ServerApp.allow_root": True,
            "IdentityProvider.token": self.token,
            "LabApp.expose_app_in_browser": True,  # the helpers below run JupyterLab's own commands
            "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        }
        flags = [f"--{name}={value}" for name, value in options.items()]
        return [sys.executable, "-m", "jupyterlab", "--no-browser", *flags]

    def _environment(self, home: Path) -> dict[str, str]:
        own = {
            "JUPYTER_CONFIG_DIR": home / "config",
            "JUPYTER_CONFIG_PATH": CONFIG,
            "JUPYTER_DATA_DIR": home / "data",
            "JUPYTER_RUNTIME_DIR": home / "runtime",
            "JUPYTERLAB_SETTINGS_DIR": home / "settings",
            "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces",
            "IPYTHONDIR": home / "ipython",
        }
        return environment() | {name: str(value) for name, value in own.items()}

    def _wait_until_it_answers(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api", timeout=5).close()
                return
            time.sleep(0.1)
        self.log.seek(0)
        raise RuntimeError(f"JupyterLab did not start:\n{self.log.read()[-2000:]}")


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def write_settings(folder: Path) -> None:
    """Let JupyterLab ask nothing and fetch nothing."""
    for name, values in SETTINGS.items():
        path = folder / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))


# ---------------------------------------------------------------- the notebook

PANEL = "window.jupyterapp?.shell.currentWidget"

# what a kernel has made is closed and forgotten; what it has imported stays, so the next cells run at once
FORGET = """
import ipywidgets
for value in list(globals().values()):
    if isinstance(value, ipywidgets.Widget):
        value.close()
get_ipython().reset()
"""


class Notebook:
    """One notebook open in JupyterLab, in one browser page.

    Args:
        page: a Playwright page.
        lab: the server.
        cells: the sources of its code cells; None if the file is there.
        name: its file name in the server's folder.
    """

    def __init__(
        self, page: Any, lab: JupyterLab, cells: Sequence[str] | None, name: str = "test.ipynb"
    ) -> None:
        self.page, self.lab, self.path = page, lab, lab.folder / name
        self.devtools = page.context.new_cdp_session(page)
        if cells is not None:
            code = [nbformat.v4.new_code_cell(source) for source in cells]
            nbformat.write(nbformat.v4.new_notebook(cells=code), self.path)
        self.open()

    def open(self) -> None:
        """Load the page (again) and wait for a kernel."""
        self.page.goto(self.lab.url(self.path.name))
        ready = f"{PANEL}?.sessionContext?.session?.kernel?.status === 'idle'"
        self.page.wait_for_function(ready, timeout=60_000, polling=50)

    def replace(self, cells: Sequence[str]) -> None:
        """Put other cells in the place of these. The kernel stays, and forgets them."""
        self.wait_idle()
        self.do(f"panel.sessionContext.session.kernel.requestExecute({{ code: {json.dumps(FORGET)} }}).done")
        code = [{"cell_type": "code", "source": source} for source in cells]
        self.do(f"""panel.content.model.sharedModel.transact(() => {{
            const cells = panel.content.model.sharedModel;
            cells.deleteCellRange(0, cells.cells.length);
            cells.insertCells(0, {json.dumps(code)});
        }})""")
        self.page.wait_for_function(f"{PANEL}.content.widgets.length === {len(code)}")
        self.page.wait_for_function("!document.querySelector('.jp-OutputArea-output')")

    def resize(self, width: int, height: int, scale: float = 1) -> None:
        """Give the page another size, in CSS pixels, and so many device pixels to one of them."""
        self.page.set_viewport_size({"width": width, "height": height})
        size = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False}
        self.devtools.send("Emulation.setDeviceMetricsOverride", size)
        self.page.wait_for_function(f"devicePixelRatio === {scale} && innerWidth === {width}")

    def do(self, expression: str) -> Any:
        """Evaluate JavaScript in which `panel` is JupyterLab's notebook panel, and return its result."""
        return self.page.evaluate(f"async () => {{ const panel = {PANEL}; return await {expression}; }}")

    def run_all(self) -> None:
        """Run every cell and wait for the last one."""
        self.do("window.jupyterapp.commands.execute('notebook:run-all-cells')")
        self.wait_idle()

    def start_cell(self, index: int) -> None:
        """Start one cell and do not wait for its end."""
        self.do(f"void (panel.content.deselectAll(), panel.content.activeCellIndex = {index})")
        self.do("void window.jupyterapp.commands.execute('notebook:run-cell')")
        self.page.wait_for_function(f"{PANEL}.content.widgets[{index}].model.executionState === 'running'")

    def run_cell(self, index: int) -> None:
        """Run one cell and wait for it."""
        self.do(f"void (panel.content.deselectAll(), panel.content.activeCellIndex = {index})")
        self.do("window.jupyterapp.commands.execute('notebook:run-cell')")
        self.wait_idle()

    def is_running(self, index: int) -> bool:
        """Whether a cell is running; the kernel's status does not tell, as subshells set it to idle."""
        return bool(self.do(f"panel.content.widgets[{index}].model.executionState === 'running'"))

    def wait_idle(self, seconds: float = 120) -> None:
        """Wait until no cell is running or queued and the kernel is idle."""
        cells = f"{PANEL}.content.widgets.every((cell) => (cell.model.executionState ?? 'idle') === 'idle')"
        kernel = f"{PANEL}.sessionContext.session.kernel.status === 'idle'"
        # looking in every display frame would take the page a tenth of a processor
        self.page.wait_for_function(f"{cells} && {kernel}", timeout=1000 * seconds, polling=20)

    def interrupt(self) -> None:
        """Interrupt the kernel."""
        self.do("panel.sessionContext.session.kernel.interrupt()")

    def restart_kernel(self) -> None:
        """Restart the kernel and wait for it."""
        self.do("panel.sessionContext.session.kernel.restart()")
        self.wait_idle()

    def save(self) -> None:
        """Save the notebook."""
        self.do("panel.context.save()")

    def outputs(self, index: int) -> list[dict[str, Any]]:
        """The outputs of one cell, as nbformat has them."""
        return list(self.do(f"panel.content.widgets[{index}].model.outputs.toJSON()"))

    def text(self, index: int) -> str:
        """What one cell has printed, returned or raised, as one string."""
        parts: list[str] = []
        for output in self.outputs(index):
            parts += [output.get("text", ""), output.get("data", {}).get("text/plain", "")]
            parts += output.get("traceback", [])
        return "".join("".join(part) for part in parts)

    def screenshot(self, path: str | Path) -> None:
        """Write a picture of the page."""
        self.page.screenshot(path=path)

    def close(self) -> None:
        """Shut the kernel down and close the page."""
        with contextlib.suppress(
            Exception
        ):  # the page may have crashed, or the kernel be gone: that is what tests are for
            self.do("panel.sessionContext.shutdown()")
        self.page.close()
