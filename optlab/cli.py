"""The command `optlab`: open the course in JupyterLab, run and store its notebooks, build its site."""

import sys
from collections.abc import Sequence
from pathlib import Path

from nbclient.exceptions import CellExecutionError

from optlab import __version__, opening
from optlab.console import let_any_console_show_any_name
from optlab.course import notebooks as course

HELP = """\
optlab [JUPYTER FLAGS]
    Open your copy of the course in JupyterLab. The first time the course is copied to ./notebooks;
    in a clone of its repository to my_notebooks, which git ignores, so that `git pull` never
    meets what you have run or written. A file that exists is never overwritten: to get a notebook
    back as it was, or as an update has it, rename yours and run `optlab copy`. What you have
    reached is kept beside the notebooks, in optlab_progress.json.
    All flags go to JupyterLab (`jupyter lab --help` lists them), such as
        optlab --no-browser --port 8890

optlab copy
    Copy the files of the course that your copy does not have, and open nothing.

optlab edit [JUPYTER FLAGS]
    In a clone: open the notebooks that git tracks, to change the course itself.

optlab store [NOTEBOOK ...]
    In a checkout: run the named notebooks of the course, or all, each in a fresh kernel, and
    store them as text and one picture a lab.

optlab bench [--quick] [--out FOLDER] [...]
    Measure what training, watching and dragging cost on this machine, beside other ways to do the
    same, and print a table; `optlab bench --help` tells the rest. The others come with
        pip install 'optlab-course[bench]'

optlab site OUT [NOTEBOOK ...]
    In a checkout: run the notebooks and build the course as a site whose labs play without a
    kernel, beside the reference and the guides. The tools come with
        pip install 'optlab-course[site]'
    and with npm.

optlab doctor
    Say what there is here, and what is wrong with it, as text for a bug report.

optlab --help, optlab --version
    Show this text; show the version.
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
    commands = {"copy": copy, "edit": edit, "store": store, "bench": bench, "doctor": doctor, "site": site}
    commands |= {"--help": usage, "-h": usage, "--version": version}
    command = commands.get(words[0]) if words else None
    let_any_console_show_any_name()
    try:
        return command(words[1:]) if command else open_course(words)
    except (OSError, ValueError) as problem:
        print(f"optlab: {problem}", file=sys.stderr)
        return 1


def bench(words: Sequence[str]) -> int:
    """Measure, and print a table."""
    from optlab.bench.command import main as measure  # noqa: PLC0415 - loads torch, which the course need not

    return measure(words)


def doctor(words: Sequence[str]) -> int:
    """Say what there is here, and what is wrong with it."""
    from optlab.doctor import main as examine  # noqa: PLC0415 - loads torch, which the course need not

    return examine(words)


def site(words: Sequence[str]) -> int:
    """Build the course as a site."""
    from optlab.site.command import main as build  # noqa: PLC0415 - needs Sphinx, which the course does not

    return build(words)


def usage(_: Sequence[str] = ()) -> int:
    """Print what the command can do."""
    print(HELP, end="")
    return 0


def version(_: Sequence[str] = ()) -> int:
    """Print optlab's version."""
    print(f"optlab {__version__}")
    return 0


def open_course(flags: Sequence[str]) -> int:
    """Open JupyterLab on the start page of the learner's copy, made where there is none.

    Args:
        flags: go to JupyterLab as they are, after this command's own, so that the learner's win.

    Returns:
        JupyterLab's exit status.
    """
    root, folder = course.learners_copy(Path.cwd())
    for_root = opening.flags_for_root(flags)
    if course.find_course(folder) is None:
        copy([])
    if folder.name == course.COPY:
        print(f"optlab: this is your own copy, {folder}; a `git pull` updates the course beside it.")
    return _start(root, folder, [*for_root, *flags])


def edit(flags: Sequence[str]) -> int:
    """Open JupyterLab on the notebooks that git tracks."""
    folder = course.checkout_course()
    if folder is None:
        raise ValueError(
            "`edit` opens the notebooks of a checkout; optlab runs from an installed package here"
        )
    return _start(folder.parent, folder, [*opening.flags_for_root(flags), *flags])


def _start(root: Path, folder: Path, flags: Sequence[str]) -> int:
    words = opening.command(root, folder / course.START, flags)
    return opening.replace_this_process(words, opening.environment())


def copy(words: Sequence[str]) -> int:
    """Copy the files of the course that the learner's copy does not have."""
    if words:
        raise ValueError(f"copy takes no arguments, got {' '.join(words)!r}")
    target = course.learners_copy(Path.cwd())[1]
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
