"""The command `optlab`: open the course in JupyterLab, or run its notebooks and store them."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from nbclient.exceptions import CellExecutionError

from optlab.course import notebooks as course

HELP = """\
optlab [JUPYTER FLAGS]
    Open the course in JupyterLab, in this folder. The first time, where this folder has no
    notebooks/00_start_here.ipynb, the course is copied to ./notebooks; a file that exists is
    never overwritten. To get a notebook back as it was, rename yours and copy that one again
    with `optlab copy`. All flags go to JupyterLab (`jupyter lab --help` lists them), such as
        optlab --no-browser --port 8890

optlab copy
    Copy the files of the course that ./notebooks does not have, and open nothing.

optlab store [NOTEBOOK ...]
    In a checkout: run the named notebooks of the course, or all, each in a fresh kernel, and
    store them as text and one picture a lab.

optlab bench [--quick] [--out FOLDER] [...]
    Measure what training, watching and dragging cost on this machine, beside other ways to do the
    same, and print a table; `optlab bench --help` tells the rest. The others come with
        pip install 'optlab[bench]'

optlab --help
    Show this text.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: the words after `optlab`; those of this process when None.

    Returns:
        The exit status: 0 when all went well.

    Examples:
        >>> main(["--help"])  # doctest: +ELLIPSIS
        optlab [JUPYTER FLAGS]
        ...
        0
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    commands = {"copy": copy, "store": store, "bench": bench, "--help": usage, "-h": usage}
    command = commands.get(words[0]) if words else None
    try:
        return command(words[1:]) if command else open_course(words)
    except (OSError, ValueError) as problem:
        print(f"optlab: {problem}", file=sys.stderr)
        return 1


def bench(words: Sequence[str]) -> int:
    """Measure, and print a table."""
    from optlab.bench.command import main as measure  # noqa: PLC0415 - loads torch, which the course need not

    return measure(words)


def usage(_: Sequence[str] = ()) -> int:
    """Print what the command can do."""
    print(HELP, end="")
    return 0


def open_course(flags: Sequence[str]) -> int:
    """Open JupyterLab on the start page, after copying the course where there is none.

    Args:
        flags: go to JupyterLab as they are, after this command's own, so that the learner's win.

    Returns:
        JupyterLab's exit status.
    """
    here = Path.cwd()
    if course.find_course(here) is None:
        copy([])
    folder = course.find_course(here) or here / "notebooks"
    return _become(jupyter_command(here, folder / course.START, flags))


def jupyter_command(root: Path, page: Path, flags: Sequence[str]) -> list[str]:
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
    return [sys.executable, "-m", "jupyterlab", *own, *flags]


def _become(command: list[str]) -> int:
    """Turn this process into JupyterLab, so that Ctrl-C and signals reach it and nothing else."""
    sys.stdout.flush()
    if os.name == "posix":
        os.execv(command[0], command)  # noqa: S606 - no shell is wanted
    return _wait(subprocess.Popen(command))  # noqa: S603 - the learner's own words on their own machine


def _wait(process: "subprocess.Popen[bytes]") -> int:
    """Wait, on platforms without exec; JupyterLab handles Ctrl-C."""
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def copy(words: Sequence[str]) -> int:
    """Copy the files of the course that `./notebooks` does not have."""
    if words:
        raise ValueError(f"copy takes no arguments, got {' '.join(words)!r}")
    target = Path.cwd() / "notebooks"
    written = course.copy_course(course.own_course(), target)
    print(f"Copied {len(written)} files of the course to {target}; no file that was there has changed.")
    return 0


def store(names: Sequence[str]) -> int:
    """Run notebooks of the checkout and store them, telling which changed and which failed."""
    files = notebooks_to_store(names)
    return max([_store_one(file) for file in files], default=0)


def _store_one(file: Path) -> int:
    try:
        changed = course.store(file)
    except CellExecutionError as problem:
        print(f"{file.name}: not stored, a cell raised\n{problem}", file=sys.stderr)
        return 1
    print(f"{file.name}: {'stored' if changed else 'unchanged'}", flush=True)
    return 0


def notebooks_to_store(names: Sequence[str]) -> list[Path]:
    """Find the named notebooks in the checkout's course.

    Args:
        names: file names or paths, with or without `.ipynb`; all notebooks when empty.

    Returns:
        The files.

    Raises:
        ValueError: this is no checkout, or a name is no notebook of its course.
    """
    folder = course.checkout_course()
    if folder is None:
        raise ValueError(
            "`store` runs in a checkout of the course; optlab runs from an installed package here"
        )
    known = {file.stem: file for file in sorted(folder.glob("*.ipynb"))}
    for name in names:
        if not _names_one(name, known):
            raise ValueError(
                f"{name!r} is no notebook of the course in {folder}; there are {', '.join(known)}"
            )
    return [known[Path(name).stem] for name in names] or list(known.values())


def _names_one(name: str, known: dict[str, Path]) -> bool:
    """Tell whether a bare name, or a path from the working folder, is one of the course's notebooks."""
    file = known.get(Path(name).stem)
    return file is not None and (Path(name).name == name or Path(name).resolve() == file)


if __name__ == "__main__":
    raise SystemExit(main())
