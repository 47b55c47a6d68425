"""Build the site: run the notebooks, join the scripts, and hand all of it to Sphinx."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import nbformat

from optlab.course.notebooks import checkout_course
from optlab.course.reading import in_order
from optlab.site.course_map import course_map, toctree
from optlab.site.links import broken_links
from optlab.site.pages import page_of
from optlab.site.running import run_lesson
from optlab.site.scripts import bundle

__all__ = ["build", "build_pages", "cache_folder"]

NOT_A_SOURCE = shutil.ignore_patterns("_build", ".*")


def cache_folder() -> Path:
    """Where what has been run is kept: `OPTLAB_SITE_CACHE`, or `.site` in the checkout, which git ignores."""
    return Path(os.environ.get("OPTLAB_SITE_CACHE", _root() / ".site")).resolve()


def _root() -> Path:
    course = checkout_course()
    if course is None:
        raise ValueError("`site` builds from a checkout; optlab runs from an installed package here")
    return course.parent


def build(out: Path, lessons: Sequence[str] = (), say: Callable[[str], object] = print) -> None:
    """Build the site.

    Args:
        out: takes the pages.
        lessons: names of notebooks, without `.ipynb`; empty: all.
        say: takes lines on how it goes.

    Raises:
        ValueError: if this is no checkout, there is no such lesson, a cell raises, Sphinx warns, or a link
            within the site leads nowhere.
    """
    root, cache = _root(), cache_folder()
    files = chosen(in_order((root / "notebooks").glob("*.ipynb")), lessons)
    source = _fresh(cache / "source", root / "docs")
    shutil.copytree(root / "notebooks" / "images", source / "lessons" / "images")
    _include(root, source / "_include", files)
    if repository():
        teachers = source / "teachers.md"
        here = f"https://github.com/{repository()}"
        teachers.write_text(teachers.read_text("utf-8").replace("REPOSITORY", here), encoding="utf-8")
    build_pages(source, files, out, cache, part=bool(lessons), say=say)


def build_pages(
    source: Path,
    files: Sequence[Path],
    out: Path,
    cache: Path,
    *,
    part: bool = False,
    say: Callable[[str], object] = lambda _: None,
) -> None:
    """Build a site of some notebooks.

    Args:
        source: Sphinx's sources; takes the lessons.
        files: the notebooks.
        out: takes the pages.
        cache: where results are kept.
        part: whether links to other lessons may lead nowhere.
        say: takes lines on how it goes.
    """
    extra = _fresh(source.parent / "extra")
    for number, file in enumerate(files, 1):
        say(f"[{number}/{len(files)}] {file.stem}")
        page = page_of(run_lesson(file, cache, say), extra, file.stem, ways_to_python(file.name))
        (source / "lessons").mkdir(exist_ok=True)
        nbformat.write(page, source / "lessons" / file.name)
        (extra / "notebooks").mkdir(exist_ok=True)
        shutil.copy(file, extra / "notebooks")
    bundle(source / "_static")
    say("pages")
    _sphinx(source, out, source.parent / "doctrees", part=part)
    lighten(out)
    shutil.copytree(extra, out, dirs_exist_ok=True)
    broken = [] if part else broken_links(out)
    if broken:
        raise ValueError("\n  ".join(["links that lead nowhere:", *broken]))
    say(f"{out}: {_weight(out)}")


def _fresh(folder: Path, content: Path | None = None) -> Path:
    """An empty folder in the place of an old one, or a copy of another."""
    shutil.rmtree(folder, ignore_errors=True)
    if content is None:
        folder.mkdir(parents=True)
    else:
        shutil.copytree(content, folder, ignore=NOT_A_SOURCE)
    return folder


def _include(root: Path, folder: Path, files: Sequence[Path]) -> None:
    """Texts that pages take in: their links to `docs` lead beside the page there."""
    folder.mkdir()
    for name in ("CHANGELOG.md", "CONTRIBUTING.md", "README.md"):
        text = (root / name).read_text("utf-8")
        (folder / name).write_text(text.replace("](docs/", "]("), encoding="utf-8")
    (folder / "course_map.md").write_text(course_map(files), encoding="utf-8")
    (folder / "course_map_front.md").write_text(course_map(files, "lessons/"), encoding="utf-8")
    (folder / "lessons.md").write_text(toctree(files), encoding="utf-8")


def chosen(files: Sequence[Path], names: Sequence[str]) -> list[Path]:
    """The files with these names, in their own order; all where there are none.

    Args:
        files: the notebooks.
        names: without `.ipynb`.

    Raises:
        ValueError: if a name is that of none.
    """
    known = {file.stem: file for file in files}
    for name in names:
        if name not in known:
            raise ValueError(f"there is no lesson {name!r}; there are {', '.join(known)}")
    return [file for stem, file in known.items() if stem in names or not names]


def repository() -> str:
    """`owner/name` on GitHub, as its workflows say it; empty elsewhere."""
    return os.environ.get("GITHUB_REPOSITORY", "")


def ways_to_python(notebook: str) -> str:
    """Where a lesson runs, as HTML for the end of a sentence.

    Args:
        notebook: its file name.

    Example:
        >>> "download" in ways_to_python("06_faq.ipynb")
        True
    """
    own = f'in your own JupyterLab (<a href="../notebooks/{notebook}" download>download the notebook</a>)'
    if not repository():
        return own
    binder = f"https://mybinder.org/v2/gh/{repository()}/HEAD?urlpath=lab/tree/notebooks/{notebook}"
    colab = f"https://colab.research.google.com/github/{repository()}/blob/HEAD/notebooks/{notebook}"
    install = f"<code>%pip install git+https://github.com/{repository()}</code>"
    return f'<a href="{binder}">on Binder</a>, <a href="{colab}">on Colab</a> after {install}, or {own}'


def _sphinx(source: Path, out: Path, doctrees: Path, *, part: bool) -> None:
    flags = ["-W", "--keep-going", "-q", "-b", "html", "-d", str(doctrees)]
    environment = os.environ | ({"OPTLAB_PART": "1"} if part else {})
    shutil.rmtree(out, ignore_errors=True)
    done = subprocess.run(  # noqa: S603  (this very Python)
        [sys.executable, "-m", "sphinx", *flags, str(source), str(out)], check=False, env=environment
    )
    if done.returncode:
        raise ValueError("Sphinx has warned, as it says above: there is no site")


def lighten(out: Path) -> None:
    """Take out what no page needs of the theme: icons that its style sheet has too, and maps for debugging.

    Args:
        out: the pages.
    """
    for page in out.rglob("*.html"):
        text = page.read_text("utf-8")
        page.write_text(ICONS.sub("", text), encoding="utf-8")
    static = out / "_static"
    for file in {*out.rglob("*.map"), *static.glob("*macros.html"), *static.glob("scripts/fontawesome.*")}:
        file.unlink()


ICONS = re.compile(r'<script defer src="[^"]*/scripts/fontawesome\.js[^"]*"></script>\n?')


def _weight(out: Path) -> str:
    files = [file for file in out.rglob("*") if file.is_file()]
    return f"{len(files)} files, {sum(file.stat().st_size for file in files) / 1e6:.1f} MB"
