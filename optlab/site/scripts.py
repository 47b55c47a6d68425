"""The site's own script and style sheets: joined from `js` and npm's packages, nothing left to fetch."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

__all__ = ["PACKAGES", "bundle"]

SOURCES = Path(__file__).resolve().parent / "js"
PACKAGES = SOURCES / "node_modules"
ANYWIDGET = Path(sys.prefix) / "share" / "jupyter" / "nbextensions" / "anywidget" / "index.js"
AS_MODULE = """let made;
const define = (names, make) => (made = make);
{}
export default made;
"""
FLAGS = [
    "page.js",
    "--bundle",
    "--splitting",
    "--format=esm",
    "--minify",
    "--target=es2022",
    "--entry-names=optlab",
    "--chunk-names=optlab-[name]-[hash]",
    "--asset-names=optlab-[name]-[hash]",
    "--loader:.woff2=file",
    "--loader:.woff=empty",
    "--loader:.ttf=empty",
    "--loader:.svg=dataurl",
    "--log-level=warning",
]


def bundle(out: Path) -> None:
    """Make the site's script and its style sheet, `optlab.js` and `optlab.css`.

    Args:
        out: takes them, and what they load when a page needs it.

    Raises:
        FileNotFoundError: if npm's packages are not there and there is no npm.
        subprocess.CalledProcessError: if a package cannot be had or the scripts do not fit together.
    """
    _fetch_packages()
    module = PACKAGES / ".anywidget" / "index.js"  # names of scripts come from paths: it stands in one place
    module.parent.mkdir(exist_ok=True)
    module.write_text(AS_MODULE.format(ANYWIDGET.read_text("utf-8")), encoding="utf-8")
    command = [str(PACKAGES / ".bin" / "esbuild"), *FLAGS, f"--alias:anywidget={module}", f"--outdir={out}"]
    subprocess.run(command, cwd=SOURCES, check=True)  # noqa: S603  (what package-lock.json names)
    for part in out.glob("optlab-*.css"):
        part.unlink()  # all of them are in optlab.css


def _fetch_packages() -> None:
    """Have the packages of `package-lock.json`, unless they are there: `npm ci --prefix optlab/site/js`."""
    if (PACKAGES / ".package-lock.json").is_file():
        return
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError("the site's script is joined from packages of npm, and there is no npm")
    subprocess.run(  # noqa: S603  (as above)
        [npm, "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=SOURCES, check=True
    )
