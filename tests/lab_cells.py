"""The cells of a notebook that its labs need: those that make and show them, and what these build on."""

import ast
import re

import nbformat


def lab_cells(path):
    """The sources of a notebook's code cells that make or show a lab, and of the cells they depend on.

    Args:
        path: a notebook.

    Returns:
        The sources, in order.
    """
    return with_what_they_need(path, shows_a_lab)


def with_what_they_need(path, wanted):
    """The sources of the code cells for which `wanted(source)` holds, and of all that they build on.

    Args:
        path: a notebook.
        wanted: a function of a cell's source.

    Returns:
        The sources, in order.
    """
    cells = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    kept, needed = [], set()
    for source in reversed(cells):
        made, used = names(source)
        if wanted(source) or made & needed:
            kept.insert(0, source)
            needed = (needed - made) | used
    return kept


def names(source):
    """The names that a cell makes, and those that it uses."""
    nodes = list(ast.walk(ast.parse(source)))
    stored = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    loaded = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    defined = {n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    imported = {
        a.asname or a.name for n in nodes if isinstance(n, ast.Import | ast.ImportFrom) for a in n.names
    }
    return stored | defined | imported, loaded


def shows_a_lab(source):
    """Whether a cell calls a lab of the library, or only shows what a cell before it has made."""
    return bool(re.search(r"labs\.\w+_lab\(", source)) or source.strip().isidentifier()
