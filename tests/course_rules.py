"""The rules of the course's notebooks: each is a function from a notebook to the list of its breaches."""

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from statistics import median
from urllib.parse import unquote

from nbformat import NotebookNode
from nbformat.validator import iter_validate
from notebook_parts import (
    FIRST,
    HEADINGS,
    LAST,
    all_headings,
    anchors,
    closed_cells,
    code_cells,
    fixed,
    heading_marks,
    headings,
    lines,
    names,
    prose,
    sections,
    syntax,
    where,
)

START = "00_start_here"
QUIZ = "07_last_quiz"
PLOT_CALLS = {
    "bar",
    "contour",
    "contourf",
    "hist",
    "imshow",
    "plot",
    "scatter",
    "semilogx",
    "semilogy",
    "subplots",
}
VIEW = "application/vnd.jupyter.widget-view+json"
LONGEST_CELL = 15
LONGEST_MEDIAN = 5
SHORTEST_COPY = 4
FARTHEST_RESULT = 3
FARTHEST_FIRST_LAB = 8

Rule = Callable[[NotebookNode], list[str]]


# ---------------------------------------------------------------- rules for one notebook


def is_valid(notebook: NotebookNode) -> list[str]:
    """Notebook format 4.5, with an id of its own for every cell."""
    if (notebook.nbformat, notebook.nbformat_minor) != (4, 5):
        return [f"format {notebook.nbformat}.{notebook.nbformat_minor}, not 4.5"]
    problems = [f"not valid: {problem.message}" for problem in iter_validate(notebook)]
    ids = [str(cell.get("id")) for cell in notebook.cells]
    return problems + [f"cell id {i!r} more than once" for i in sorted(set(ids)) if ids.count(i) > 1]


def has_short_cells(notebook: NotebookNode) -> list[str]:
    """Half of the code cells under 6 lines, none over 15."""
    lengths = [len(lines(cell)) for cell in code_cells(notebook)]
    long = [
        f"{where(c)}: {len(lines(c))} lines" for c in code_cells(notebook) if len(lines(c)) > LONGEST_CELL
    ]
    if not lengths:
        return ["no code cell"]
    return long + ([f"median {median(lengths)} lines"] if median(lengths) > LONGEST_MEDIAN else [])


def has_headings(notebook: NotebookNode) -> list[str]:
    """The fixed headings, each at least once: the question first, the checkpoint and the summary last."""
    found = [heading for heading in map(fixed, all_headings(notebook)) if heading in HEADINGS]
    ends = (*found[:1], *found[-2:]) == (*FIRST, *LAST)
    return [f"no heading {heading!r}" for heading in HEADINGS if heading not in found] + (
        [] if ends else [f"{FIRST} first, {LAST} last: {found}"]
    )


def skips_no_level(notebook: NotebookNode) -> list[str]:
    """A heading is at most one level below the one before it: a screen reader lists them by level."""
    marked = [mark for cell in notebook.cells for mark in heading_marks(cell)]
    return [f"{here!r} after {above!r}" for above, here in pairwise(marked) if len(here) > len(above) + 1]


def opens_with_a_lab(notebook: NotebookNode) -> list[str]:
    """A lab stands among the first cells, before any formula or code of one's own."""
    labs = [k for k, cell in enumerate(notebook.cells) if shows_lab(cell)]
    early = (
        labs
        and labs[0] < FARTHEST_FIRST_LAB
        and not any(
            fixed(heading) in ("Formula", "By hand", "With optlab")
            for cell in notebook.cells[: labs[0]]
            for heading in headings(cell)
        )
    )
    return [] if early else [f"the first lab is cell {labs[:1]}, or after a formula"]


def plots_nothing(notebook: NotebookNode) -> list[str]:
    """No plotting calls and no plotting imports, but for By hand and Checkpoint."""
    return [f"{where(cell)}: {name}" for cell in closed_cells(notebook) for name in _plotting(syntax(cell))]


def _plotting(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("matplotlib"))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("matplotlib"):
            yield str(node.module)
        elif isinstance(node, ast.Name) and node.id in {"plt", "pyplot"}:
            yield node.id
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in PLOT_CALLS
        ):
            yield f".{node.func.attr}("


def trains_nothing(notebook: NotebookNode) -> list[str]:
    """No training loop but for By hand and Checkpoint: no loop that takes gradients or steps."""
    loops = (ast.For, ast.While, ast.ListComp, ast.GeneratorExp)
    return [
        f"{where(cell)}: a loop with {sign}"
        for cell in closed_cells(notebook)
        for loop in ast.walk(syntax(cell))
        if isinstance(loop, loops)
        for sign in _training(loop)
    ]


def _training(loop: ast.AST) -> Iterator[str]:
    calls = {node.func for node in ast.walk(loop) if isinstance(node, ast.Call)}
    for node in ast.walk(loop):
        if not isinstance(node, ast.Attribute):
            continue
        if node.attr == "grad" or (node in calls and node.attr in {"backward", "step"}):
            yield f".{node.attr}"


def folds_its_guesses(notebook: NotebookNode) -> list[str]:
    """The code of a prediction is folded away: it knows the answer."""
    guesses = [cell for cell in code_cells(notebook) if "checks.predict(" in cell.source]
    open_ones = [cell for cell in guesses if not cell.metadata.get("jupyter", {}).get("source_hidden")]
    return [f"{where(cell)}: a guess beside its answer" for cell in open_ones]


def keeps_its_guesses(notebook: NotebookNode) -> list[str]:
    """No later cell assigns anew what a guess looks up, for a learner may lock it in late."""
    cells, found = code_cells(notebook), []
    for k, cell in enumerate(cells):
        looked_up = names(syntax(cell), ast.Load) if "checks.predict(" in cell.source else set()
        again = [(later, looked_up & names(syntax(later), ast.Store)) for later in cells[k + 1 :]]
        found += [
            f"{where(later)} assigns {twice}, which a guess looks up" for later, twice in again if twice
        ]
    return found


SIDE, FIGURE = r"(?:left|right)\b", r"\b(?:figure|picture|plot|panel|map)"
SIDES = re.compile(
    rf"\*\*{SIDE}(?: figure)?\*\*|\bon the {SIDE}(?=[.,:;)]|\s(?:is|are|shows?|stands?|you)\b)"
    rf"|\b{SIDE} {FIGURE}\b|{FIGURE} (?:to|at) the {SIDE}",
    re.IGNORECASE,
)


def counts_figures(notebook: NotebookNode) -> list[str]:
    """Figures are the first and the second, not left and right: on a narrow page they are stacked."""
    found = [(cell, side) for cell in notebook.cells for side in figures_by_side(cell.source)]
    return [f"{where(cell)}: {side!r}" for cell, side in found]


def figures_by_side(text: str) -> list[str]:
    """The words of a text that name a figure by the side it stands on."""
    return SIDES.findall(text)


def stores_no_widgets(notebook: NotebookNode) -> list[str]:
    """Neither widget state nor widget views: they are nothing without their kernel."""
    state = ["widget state in the metadata"] if "widgets" in notebook.metadata else []
    return state + [
        f"{where(c)}: a widget view" for c in code_cells(notebook) for o in c.outputs if VIEW in data(o)
    ]


def stores_no_errors(notebook: NotebookNode) -> list[str]:
    """Neither an error nor a complaint, such as a font that was not found."""
    return [
        f"{where(c)}: {o.get('ename', 'on stderr')}"
        for c in code_cells(notebook)
        for o in c.outputs
        if o.output_type == "error" or o.get("name") == "stderr"
    ]


def was_run_from_top(notebook: NotebookNode) -> list[str]:
    """Stored from a fresh kernel, cell after cell, with no record of when."""
    counts = [cell.execution_count for cell in code_cells(notebook) if cell.source.strip()]
    stamps = [f"{where(cell)}: time stamps" for cell in code_cells(notebook) if "execution" in cell.metadata]
    return stamps + ([] if counts == list(range(1, len(counts) + 1)) else [f"execution counts {counts}"])


def has_a_picture_of_each_lab(notebook: NotebookNode) -> list[str]:
    """A PNG in the Lab section, and one wherever a lab or a live figure is shown."""
    shown = [
        f"{where(cell)}: {data(output)['text/plain']} without a PNG"
        for cell in code_cells(notebook)
        for output in cell.outputs
        if "image/png" not in data(output)
        and re.match(r"\w*(Lab|Live)\w*\(", data(output).get("text/plain", ""))
    ]
    in_lab = [cell for section, cell in sections(notebook) if section == "Lab" and cell.cell_type == "code"]
    pictures = [output for cell in in_lab for output in cell.outputs if "image/png" in data(output)]
    missing = "Lab" in map(fixed, all_headings(notebook)) and not pictures
    return shown + (["no picture in the Lab section"] if missing else [])


def data(output: NotebookNode) -> Mapping[str, str]:
    return output.get("data", {})


def has_a_head(notebook: NotebookNode) -> list[str]:
    """The first cell says how long it takes, what one needs and what one can do after it."""
    words = ("**Time**", "**You need**", "**Afterwards you can**")
    return [f"the first cell does not say {word}" for word in words if word not in notebook.cells[0].source]


def recalls_the_lesson_before(notebook: NotebookNode) -> list[str]:
    """Three questions on an earlier lesson, their answers folded."""
    head = notebook.cells[0].source
    asked = re.search(r"\*\*Three questions (?:on|from) \d", head)
    return ([] if asked else ["no three questions"]) + ([] if "<details>" in head else ["no folded answer"])


def says_how_hard_its_goals_are(notebook: NotebookNode) -> list[str]:
    """Every numbered goal has one star, two or three, and they are not all alike."""
    goals = re.findall(r"\*\*Goal (\d+)\.\*\* ?(★*)", "\n".join(map(prose, notebook.cells)))
    bare = [f"goal {number}: {stars or 'no star'}" for number, stars in goals if not 1 <= len(stars) <= 3]
    return bare + (["all goals alike"] if len(goals) > 1 and len({stars for _, stars in goals}) == 1 else [])


def has_results_near_labs(notebook: NotebookNode) -> list[str]:
    """What a learner should see in a lab is said within three cells of it."""
    told = ["What you should see" in map(fixed, headings(cell)) for cell in notebook.cells]
    return [
        f"{where(cell)}: no result near"
        for k, cell in enumerate(notebook.cells)
        if shows_lab(cell) and not any(told[k : k + FARTHEST_RESULT + 1])
    ]


def shows_lab(cell: NotebookNode) -> bool:
    """Whether what a cell has stored is a lab."""
    return any(map(_is_lab, cell.get("outputs", [])))


def _is_lab(output: NotebookNode) -> bool:
    return bool(re.match(r"\w*Lab\(", data(output).get("text/plain", "")))


ONE_NOTEBOOK: tuple[Rule, ...] = (
    is_valid,
    has_short_cells,
    skips_no_level,
    plots_nothing,
    trains_nothing,
    folds_its_guesses,
    keeps_its_guesses,
    counts_figures,
    stores_no_widgets,
    stores_no_errors,
    was_run_from_top,
    has_a_picture_of_each_lab,
)


# ---------------------------------------------------------------- rules for the whole course


def broken_links(course: Mapping[str, NotebookNode], folder: Path) -> list[str]:
    """Relative links that lead to no file of the course, and anchors that lead to no heading."""
    return [
        f"{name}: {target}"
        for name, notebook in course.items()
        for target in links(notebook)
        if not re.match(r"(https?|mailto):", target) and not _leads_somewhere(target, name, course, folder)
    ]


def links(notebook: NotebookNode) -> list[str]:
    pattern = r"""\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)|(?:href|src)\s*=\s*["']([^"']+)["']"""
    text = "\n".join(prose(cell) for cell in notebook.cells if cell.cell_type == "markdown")
    return [bracket or attribute for bracket, attribute in re.findall(pattern, text)]


def _leads_somewhere(target: str, name: str, course: Mapping[str, NotebookNode], folder: Path) -> bool:
    path, _, anchor = unquote(target).partition("#")
    file = (folder / path).resolve() if path else folder.resolve() / f"{name}.ipynb"
    if not file.is_relative_to(folder.resolve()) or not (file.is_file() or (not path and name in course)):
        return False
    return not anchor or (file.stem in course and anchor in anchors(course[file.stem]))


def different_first_cells(course: Mapping[str, NotebookNode]) -> list[str]:
    """The first code cell is the same in every notebook."""
    firsts = {
        name: code_cells(notebook)[0].source if code_cells(notebook) else ""
        for name, notebook in course.items()
    }
    usual = firsts.get(START, next(iter(firsts.values()), ""))
    return [
        f"{name}: the first cell differs from {START}'s" for name, first in firsts.items() if first != usual
    ]


def shared_cells(course: Mapping[str, NotebookNode]) -> list[str]:
    """Code cells of 4 lines and more that stand in two notebooks: such code belongs in the library."""
    places = defaultdict(set)
    for name, notebook in course.items():
        for cell in code_cells(notebook)[1:]:
            if len(lines(cell)) >= SHORTEST_COPY:
                places[cell.source.strip()].add(name)
    return [f"{', '.join(sorted(names))}: {source!r}" for source, names in places.items() if len(names) > 1]
