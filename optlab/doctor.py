"""`optlab doctor`: what there is on this machine and what is wrong with it, as plain text for a bug report.

It must run where nothing else does: at its top it imports the standard library only. Each line is printed as
soon as it is known, what may crash last, so that a crash shows by what is not there.
"""

from __future__ import annotations

import importlib
import json
import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from optlab import __version__
from optlab.agreement import disagreements, installed_version

__all__ = ["examine", "main"]

HERE = Path(__file__).resolve().parent
BESIDE = (
    "ipykernel",
    "ipython",
    "jupyter_client",
    "jupyter_server",
    "jupyterlab_widgets",
    "notebook",
    "voila",
)
"""Packages that come with others, and often explain a fault."""
FRONT_ENDS = {"anywidget": "anywidget", "jupyterlab_widgets": "@jupyter-widgets/jupyterlab-manager"}
"""For each package the JupyterLab extension that it brings; without both no lab is drawn."""
PLACES = {
    "COLAB_RELEASE_TAG": "Colab",
    "BINDER_REPO_URL": "Binder",
    "JUPYTERHUB_USER": "JupyterHub",
    "VSCODE_PID": "VS Code",
    "JPY_PARENT_PID": "a Jupyter kernel",
    "CONDA_PREFIX": "conda",
}
"""Variables that tell in what this runs."""
IMPORTED = ("numpy", "matplotlib", "sklearn", "numba", "IPython", "ipywidgets", "anywidget")
"""What must not only be there but load; torch, which may crash, is the last of all."""
LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
"""Where a container finds how much memory it may take."""
LEAST_MEMORY = 1.0
"""Gigabytes that a lesson may take."""

Line = tuple[str, str, str]
"""A name, what there is, and what is wrong with it; empty where nothing is."""


def main(words: Sequence[str] = ()) -> int:
    """Print what there is here, and what is wrong with it.

    Args:
        words: none are taken.

    Returns:
        The exit status: 0 if nothing is wrong.

    Raises:
        ValueError: if there are words.
    """
    if words:
        raise ValueError(f"doctor takes no arguments, got {' '.join(words)!r}")
    wrong = []
    for name, found, problem in examine():
        print(f"{name:<20} {_short(found)}".rstrip(), flush=True)
        if problem:
            wrong.append(f"{name}: {_short(problem)}")
    print("\nNothing is wrong." if not wrong else "\nWrong here:")
    for problem in wrong:
        print(f"  {problem}")
    return 1 if wrong else 0


def examine() -> Iterator[Line]:
    """Look at everything; a look that fails is a line of its own.

    Yields:
        For each thing its name, what there is, and what is wrong with it.
    """
    for look in (
        _system,
        _machine,
        _folders,
        _packages,
        _agreement,
        _front_ends,
        _imports,
        _course,
        _accelerator,
    ):
        try:
            yield from look()
        except Exception as error:  # noqa: BLE001  (what is broken may fail in any way)
            yield look.__name__.strip("_"), "", f"could not be looked at: {type(error).__name__}: {error}"


def _short(text: str) -> str:
    """A text for others to read: on one line, and without the name of whoever's folder it is."""
    return " ".join(text.replace(str(Path.home()), "~").split()) if len(str(Path.home())) > 1 else text


# ---------------------------------------------------------------- the machine


def _system() -> Iterator[Line]:
    yield "optlab", f"{__version__} in {HERE}", ""
    kind = "a virtual environment" if sys.prefix != sys.base_prefix else "no virtual environment"
    yield "python", f"{platform.python_version()}, {sys.executable}, {kind}", ""
    yield "system", f"{platform.platform()}, {platform.machine()}", ""
    inside = [name for variable, name in PLACES.items() if os.environ.get(variable)]
    yield "runs in", ", ".join(inside) or "a terminal", ""
    yield "console", f"{getattr(sys.stdout, 'encoding', None)}", ""


def _machine() -> Iterator[Line]:
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    yield "cores", f"{usable} of {os.cpu_count()}", ""
    memory = _memory()
    short = f"a lesson may need {LEAST_MEMORY:g} GB" if memory is not None and memory < LEAST_MEMORY else ""
    yield "memory", "unknown" if memory is None else f"{memory:.1f} GB", short


def _memory() -> float | None:
    """Gigabytes of memory that this process may use, where the system tells."""
    known = []
    try:
        known.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, ValueError, OSError):  # Windows
        if psutil := _module("psutil"):
            known.append(psutil.virtual_memory().total)
    limits = [file.read_text("ascii").strip() for file in LIMITS if file.is_file()]
    known += [int(limit) for limit in limits if limit.isdigit()]
    return min(known) / 2**30 if known else None


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except Exception:  # noqa: BLE001  (a package may be broken in any way)
        return None


def _folders() -> Iterator[Line]:
    folders = {"this folder": Path.cwd(), "scratch files": Path(tempfile.gettempdir())}
    if paths := _module("jupyter_core.paths"):
        folders["Jupyter's own files"] = Path(paths.jupyter_runtime_dir())
    for name, folder in folders.items():
        there = next(place for place in (folder, *folder.parents) if place.exists())
        free = shutil.disk_usage(there).free / 2**30
        yield name, f"{folder}, {free:.1f} GB free", _trouble_in(there)


def _trouble_in(folder: Path) -> str:
    """Why nothing can be written to a folder; empty where it can."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"optlab")
    except OSError as error:
        return f"cannot be written to: {error}"
    return ""


# ---------------------------------------------------------------- what is installed


def _packages() -> Iterator[Line]:
    bounds = _bounds()
    if not bounds:
        yield "requirements", "unknown", "optlab is not installed: run `pip install -e .` in its clone"
    for name, bound in bounds.items():
        version = installed_version(name)
        problem = "not installed" if version is None else _out_of_bounds(version, bound)
        yield name, f"{version or 'none'} (needs {bound or 'any'})", problem
    for name in BESIDE:
        if version := installed_version(name):
            yield name, version, ""


def _agreement() -> Iterator[Line]:
    """What packages need of one another, where it is not met: pip installs over it, and only warns."""
    for package, needs, version in disagreements(_bounds()):
        yield package, f"needs {needs}", f"needs {needs}, and {version} is installed"


def _bounds() -> dict[str, str]:
    """For each package that optlab needs the versions, as pyproject.toml or the installed package says."""
    file = HERE.parent / "pyproject.toml"
    if file.is_file():
        found = re.search(r"^dependencies = \[(.*?)^\]", file.read_text("utf-8"), re.DOTALL | re.MULTILINE)
        needed = re.findall(r'^\s*"([^"]+)"', found[1], re.MULTILINE) if found else []
    else:
        needed = [one for one in metadata.requires("optlab-course") or [] if "extra ==" not in one]
    parts = [re.match(r"([\w.-]+)\s*([^;]*)", one) for one in needed]
    return {part[1]: _lower_first(part[2]) for part in parts if part}


def _lower_first(bound: str) -> str:
    """A bound as one reads it: a wheel's metadata has `<1,>=0.9`."""
    return ",".join(sorted(map(str.strip, bound.split(",")), reverse=True))


def _out_of_bounds(version: str, bound: str) -> str:
    specifiers = _module("packaging.specifiers")
    if specifiers is None or not bound or specifiers.SpecifierSet(bound).contains(version, prereleases=True):
        return ""
    return f"{version} is not a version that optlab is known to work with ({bound})"


def _front_ends() -> Iterator[Line]:
    paths = importlib.import_module("jupyter_core.paths")
    folders = [Path(folder) for folder in paths.jupyter_path("labextensions")]
    off = _switched_off([Path(folder) for folder in paths.jupyter_config_path()])
    for package, extension in FRONT_ENDS.items():
        # JupyterLab takes the first that it finds
        found = next(
            (at for folder in folders if (at := folder / extension / "package.json").is_file()), None
        )
        name = f"front end {package}"
        if found is None:
            places = ", ".join(map(str, folders))
            yield name, "none", f"JupyterLab finds none in {places}: pip install --force-reinstall {package}"
            continue
        has, should = _version_in(found), _brought_by(package, extension)
        problem = "switched off in JupyterLab's settings" if extension in off else ""
        if should and has != should:
            problem = f"is {has}, and the installed package brings {should}: remove {found.parent}"
        yield name, f"{has} in {found.parent}", problem


def _version_in(package_json: Path) -> str:
    return json.loads(package_json.read_text("utf-8")).get("version", "unknown")


def _brought_by(package: str, extension: str) -> str:
    """The version of an extension that a package brought along; empty where it does not say."""
    files = [] if installed_version(package) is None else metadata.files(package) or []
    ends = f"labextensions/{extension}/package.json"
    brought = [Path(str(file.locate())) for file in files if file.as_posix().endswith(ends)]
    return _version_in(brought[0]) if brought and brought[0].is_file() else ""


def _switched_off(folders: list[Path]) -> set[str]:
    """The extensions that a settings file of JupyterLab switches off."""
    off: set[str] = set()
    for file in (folder / "labconfig" / "page_config.json" for folder in folders):
        if file.is_file():
            named = json.loads(file.read_text("utf-8")).get("disabledExtensions", {})
            off |= {name for name in named if isinstance(named, list) or named[name]}
    return off


def _imports() -> Iterator[Line]:
    for name in IMPORTED:
        try:
            importlib.import_module(name)
        except Exception as error:  # noqa: BLE001  (a package may be broken in any way)
            yield f"import {name}", "fails", f"{type(error).__name__}: {error}"
    yield "imports", ", ".join(IMPORTED), ""


def _course() -> Iterator[Line]:
    course = importlib.import_module("optlab.course.notebooks")
    here = course.find_course(Path.cwd())
    yield "course", f"{course.own_course()}; your copy: {here or 'none in this folder'}", ""


def _accelerator() -> Iterator[Line]:
    torch = importlib.import_module("torch")
    names: list[str] = []
    checks: dict[str, Callable[[], bool]] = {
        "cuda": torch.cuda.is_available,
        "mps": torch.backends.mps.is_available,
        "xpu": lambda: hasattr(torch, "xpu") and torch.xpu.is_available(),
    }
    for kind, there in checks.items():
        if there():
            names.append(f"cuda: {torch.cuda.get_device_name()}" if kind == "cuda" else kind)
    yield "accelerator", ", ".join(names) or "none, and none is needed", ""
    yield "threads of torch", str(torch.get_num_threads()), ""
