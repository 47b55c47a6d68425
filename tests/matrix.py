"""The versions that optlab runs with, tried: one environment for each row, the chosen tests in it, a table.

`python tests/matrix.py` makes the environments in a folder that is thrown away (`--keep FOLDER` keeps them),
with uv (`pip install uv`): bounds come from pyproject.toml, so that a bound is one that has been tried. Where
an interpreter is not on this machine the table says so. On Linux uv brings torch with its GPU libraries, and
they are large; `UV_TORCH_BACKEND=cpu` spares them.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ("pytest>=8.3", "pytest-xdist>=3.6", "hypothesis>=6.112", "nbval>=0.11,<1")
"""What the chosen tests need beside optlab."""
CHOSEN = (
    "tests/live/test_lab.py",
    "tests/live/test_any_thread.py",
    "tests/engine/test_training.py",
    "tests/engine/test_schedules.py",
)
"""A lab's life, messages from any thread, training, and schedules against torch's."""


@dataclass(frozen=True)
class Row:
    """One environment: an interpreter, `lowest` or `newest` dependencies, and what else is asked for."""

    python: str
    versions: str
    more: tuple[str, ...] = ()

    @property
    def name(self):
        return " ".join((self.python, self.versions, *self.more))


ROWS = (
    Row("3.11", "lowest", ("ipykernel==6.31.0",)),
    Row("3.11", "newest", ("ipykernel==6.31.0",)),
    Row("3.11", "newest", ("ipykernel==7.0.1",)),
    Row("3.11", "newest", ("jupyterlab==4.3.*",)),
    Row("3.11", "newest", ("notebook>=7,<8",)),
    Row("3.11", "newest", ("voila",)),
    Row("3.12", "newest"),
    Row("3.13", "newest"),
    Row("3.14", "newest"),
)


def requirements(row, project):
    """The packages of a row: optlab's own dependencies within, or at the lower end of, pyproject's bounds."""
    asked = project["dependencies"]
    if row.versions == "lowest":
        asked = [re.sub(r">=([\w.]+).*", r"==\1", bound) for bound in asked]
    return [*asked, *row.more, *TOOLS]


def tried(row, folder, project):
    """Make one environment and run the chosen tests there; say how it went in a few words."""
    made = uv("venv", "--quiet", "--no-python-downloads", "--python", row.python, str(folder))
    if made.returncode:
        return f"not here: no Python {row.python}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    installed = uv("pip", "install", "--quiet", "--python", str(python), *requirements(row, project))
    if installed.returncode:
        return f"not installed: {last_line(installed)}"
    # once, at full speed: a lab has it done beside, by a process that gives way to all others
    run([str(python), "-c", "from optlab import iris_pair, train; train(iris_pair(), engine='compiled')"])
    # versions of different years warn about one another: that is no fault here
    own = ["-n", "0", "-q", "-W", "default", "--disable-warnings", "-p", "no:cacheprovider"]
    words = [str(python), "-m", "pytest", *own, *CHOSEN]
    return last_line(run(words))


def uv(*words):
    return run([sys.executable, "-m", "uv", *words])


def run(words):
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def last_line(done):
    lines = (done.stdout + done.stderr).strip().splitlines()
    return lines[-1] if lines else f"said nothing, exit status {done.returncode}"


def main(words=None):
    """Print the table; the exit status is 1 if a row that is here failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", metavar="TEXT", help="rows with this text in their names")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where the environments stay")
    asked = parser.parse_args(words)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    failed = False
    print("| environment | what its tests said |\n|---|---|")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        for k, row in enumerate(ROWS):
            if asked.only not in row.name:
                continue
            said = tried(row, (asked.keep or Path(home)) / f"row{k}", project)
            failed = failed or not (said.startswith("not here") or re.match(r"\d+ passed", said))
            print(f"| {row.name} | {said} |", flush=True)
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
