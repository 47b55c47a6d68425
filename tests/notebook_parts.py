"""Reading a notebook: its code cells, its headings and links, the names that its code uses."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

FOLDER = Path(__file__).parents[1] / "notebooks"
COURSE = {
    file.stem: nbformat.read(file, as_version=nbformat.NO_CONVERT) for file in sorted(FOLDER.glob("*.ipynb"))
}

HEADINGS = (
    "Question",
    "Formula",
    "By hand",
    "With optlab",
    "Predict",
    "Lab",
    "What you should see",
    "Why",
    "Checkpoint",
    "What we learnt",
)
FIRST, LAST = HEADINGS[:1], HEADINGS[-2:]
"""Where a lesson begins and ends; the others come lab by lab, in the order in which one learns."""
OPEN_SECTIONS = ("By hand", "Checkpoint")


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def lines(cell: NotebookNode) -> list[str]:
    return cell.source.strip().splitlines()


def prose(cell: NotebookNode) -> str:
    """A Markdown cell's text without its code, where # and [] mean something else."""
    return re.sub(r"```.*?```|`[^`\n]*`", "", cell.source, flags=re.DOTALL)


HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*\s*$", re.MULTILINE)


def headings(cell: NotebookNode) -> list[str]:
    return [words for _, words in _headings(cell)]


def heading_marks(cell: NotebookNode) -> list[str]:
    """The marks of a cell's headings: `##` for each of the second level."""
    return [marks for marks, _ in _headings(cell)]


def _headings(cell: NotebookNode) -> list[tuple[str, str]]:
    if cell.cell_type != "markdown":
        return []
    return HEADING.findall(re.sub(r"```.*?```", "", cell.source, flags=re.DOTALL))


def all_headings(notebook: NotebookNode) -> list[str]:
    return [heading for cell in notebook.cells for heading in headings(cell)]


def fixed(heading: str) -> str:
    """A heading without its topic: `Why: the lemma` is one of the fixed headings, `Why`, too."""
    return heading.partition(": ")[0]


def anchors(notebook: NotebookNode) -> set[str]:
    """The ids that JupyterLab gives to headings: the text with a hyphen for each space."""
    return {re.sub(r"[*`]", "", heading).replace(" ", "-") for heading in all_headings(notebook)}


def sections(notebook: NotebookNode) -> Iterator[tuple[str | None, NotebookNode]]:
    """Every cell with the fixed heading it stands under; the article's own headings do not end a section."""
    section: str | None = None
    for cell in notebook.cells:
        known = [heading for heading in map(fixed, headings(cell)) if heading in HEADINGS]
        section = known[-1] if known else section
        yield section, cell


def closed_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """The code cells in which the library does the work."""
    return [c for section, c in sections(notebook) if c.cell_type == "code" and section not in OPEN_SECTIONS]


def syntax(cell: NotebookNode) -> ast.Module:
    """Parse a cell, IPython's % and ! lines left out."""
    return ast.parse(re.sub(r"^(\s*)[%!].*$", r"\1pass", cell.source, flags=re.MULTILINE))


def where(cell: NotebookNode) -> str:
    first = next(iter(lines(cell)), "")
    return f"cell {cell.get('id', '?')} ({first!r})"


def names(tree: ast.AST, used: type) -> set[str]:
    """The notebook's own names that code loads or stores; not those of its functions and comprehensions."""
    if isinstance(tree, (ast.FunctionDef, ast.ClassDef)):
        return {tree.name} if used is ast.Store else set()
    if isinstance(tree, ast.Name):
        return {tree.id} if isinstance(tree.ctx, used) else set()
    found = set().union(*(names(part, used) for part in ast.iter_child_nodes(tree)))
    if isinstance(tree, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        own = {
            node.id
            for part in tree.generators
            for node in ast.walk(part.target)
            if isinstance(node, ast.Name)
        }
        return found - own
    if isinstance(tree, ast.Lambda):
        return found - {arg.arg for arg in (*tree.args.args, tree.args.vararg) if arg is not None}
    return found
