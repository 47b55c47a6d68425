"""How `optlab` starts JupyterLab: on which page, with which settings, and what it says to root."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from optlab.server import CONFIG

__all__ = ["command", "environment", "flags_for_root", "in_container", "replace_this_process"]

CONTAINER_FILES = ("/.dockerenv", "/run/.containerenv")
CONTAINER_VARIABLES = ("container", "KUBERNETES_SERVICE_HOST")
CONTAINER_GROUPS = ("docker", "containerd", "kubepods", "lxc")
AT_HOME = {
    "JUPYTER_CONFIG_DIR": "config",
    "JUPYTER_DATA_DIR": "data",
    "JUPYTER_RUNTIME_DIR": "runtime",
    "JUPYTERLAB_SETTINGS_DIR": "settings",
    "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    "IPYTHONDIR": "ipython",
    "MPLCONFIGDIR": "matplotlib",
}
"""What is kept in the home folder, by the variable that says where else; JupyterLab needs them to start."""


def command(root: Path, page: Path, flags: Sequence[str]) -> list[str]:
    """Write the command that starts JupyterLab on a page.

    The page is the server's default address rather than an argument, so that the address which
    `--no-browser` prints leads to it too.

    Args:
        root: the folder that JupyterLab shows.
        page: a notebook below it.
        flags: the learner's own flags, last.

    Returns:
        The words of the command.
    """
    address = f"/lab/tree/{page.relative_to(root).as_posix()}"
    own = [f"--ServerApp.root_dir={root}", f"--LabApp.default_url={address}"]
    own.append("--LabApp.expose_app_in_browser=True")  # so that a lab can put its program into a cell below
    return [sys.executable, "-m", "jupyterlab", *own, *flags]


def environment() -> dict[str, str]:
    """This process's variables, and the folder in which JupyterLab finds optlab's settings.

    They switch on `optlab.server`, and JupyterLab's question about news and its look for updates off; what a
    learner has chosen in JupyterLab's settings wins. Nothing is written, unless the home folder cannot be
    written to, as on a locked machine: then there is a folder for JupyterLab among the temporary files.

    Returns:
        The variables.

    Example:
        >>> environment()["JUPYTER_CONFIG_PATH"].split(os.pathsep)[0] == str(CONFIG)
        True
    """
    home = Path(os.path.expanduser("~"))  # noqa: PTH111  (Path.home() raises where there is none)
    there = os.environ.get("JUPYTER_CONFIG_PATH")
    paths = [str(CONFIG), *([there] if there else [])]
    elsewhere = {} if _can_be_written_to(home) else _folders_elsewhere(home)
    if "JUPYTER_CONFIG_DIR" in elsewhere:
        paths.append(str(home / ".jupyter"))  # what the learner has set up before is still read
    return {**os.environ, **elsewhere, "JUPYTER_CONFIG_PATH": os.pathsep.join(paths)}


def _can_be_written_to(folder: Path) -> bool:
    """Whether a file can be made in a folder, or the folder itself; permissions alone do not tell."""
    there = next((place for place in (folder, *folder.parents) if place.is_dir()), folder)
    try:
        tempfile.TemporaryFile(dir=there).close()
    except OSError:
        return False
    return True


def _folders_elsewhere(home: Path) -> dict[str, str]:
    folder = Path(tempfile.mkdtemp(prefix="optlab-"))
    print(f"optlab: nothing can be written to {home}, so JupyterLab's own files are in {folder}.")
    return {name: str(folder / part) for name, part in AT_HOME.items() if not os.environ.get(name)}


def flags_for_root(flags: Sequence[str]) -> list[str]:
    """What root must add: JupyterLab does not start as root unless it is told to.

    In a container root is the usual user, and sees nothing but the container: there it is told to. Elsewhere
    whoever reaches JupyterLab could change the whole machine, so that is for the learner to decide.

    Args:
        flags: the learner's own.

    Returns:
        No flag, or the one that lets root in.

    Raises:
        ValueError: root, in no container, has not said so.
    """
    told = any(flag.lstrip("-").startswith(("allow-root", "ServerApp.allow_root")) for flag in flags)
    if told or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return []
    if in_container():
        print(
            "optlab: you are root, as is usual in a container, so JupyterLab is started with --allow-root. "
            "To open it from outside the container, add --ip=0.0.0.0 and publish the port."
        )
        return ["--allow-root"]
    raise ValueError(
        "you are root, and this is no container: whoever reaches JupyterLab could change the whole machine. "
        "Run optlab as an ordinary user, or, if you mean it, run `optlab --allow-root`."
    )


def in_container() -> bool:
    """Whether this process runs in a container: Docker, Podman, Kubernetes, LXC."""
    if any(Path(file).exists() for file in CONTAINER_FILES) or any(map(os.environ.get, CONTAINER_VARIABLES)):
        return True
    try:
        groups = Path("/proc/1/cgroup").read_text(encoding="utf-8")
    except OSError:
        return False
    return any(name in groups for name in CONTAINER_GROUPS)


def replace_this_process(words: list[str], variables: dict[str, str]) -> int:
    """Turn this process into another one, so that Ctrl-C and signals reach it and nothing else.

    Args:
        words: its command.
        variables: its environment.

    Returns:
        Its exit status, on platforms without exec.
    """
    sys.stdout.flush()
    if os.name == "posix":
        os.execve(words[0], words, variables)  # noqa: S606 - no shell is wanted
    return _wait(subprocess.Popen(words, env=variables))  # noqa: S603 - the learner's own words


def _wait(process: subprocess.Popen[bytes]) -> int:
    """Wait; JupyterLab handles Ctrl-C."""
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue
