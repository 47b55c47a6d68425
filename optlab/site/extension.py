"""What Sphinx needs to know of the site: labs outside their lessons, and how formulas are written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive, directives

from optlab.course.reading import in_order
from optlab.site.course_map import title_of
from optlab.site.pages import PLACE, lab_html
from optlab.site.solutions import solutions_html

__all__ = ["setup"]


class LabDirective(Directive):
    """`{optlab-lab} 04_worked_example training_lab`: a lab of a lesson, at the head of another page."""

    required_arguments = 2
    option_spec = {"begins": directives.unchanged}  # noqa: RUF012  (docutils has it so)

    def run(self) -> list[nodes.Node]:
        """The place of the lab; nothing where its lesson has not been built."""
        stem, lab = self.arguments
        environment = self.state.document.settings.env
        file = Path(environment.config.optlab_extra) / PLACE / stem / "shown.json"
        environment.note_dependency(str(file))
        if not file.is_file():
            return []
        shown = json.loads(file.read_text("utf-8"))[lab]
        root = "../" * environment.docname.count("/")
        begins = self.options.get("begins", "")
        text = lab_html(f"{PLACE}/{stem}", **shown, root=root, begins=begins)
        return [nodes.raw("", text, format="html")]


class SolutionsDirective(Directive):
    """`{optlab-solutions}`: for each goal of the course a setting that reaches it, folded by lesson."""

    def run(self) -> list[nodes.Node]:
        """A fold for each lesson that has been built and has goals."""
        environment = self.state.document.settings.env
        environment.note_reread()
        root = "../" * environment.docname.count("/")
        folds = []
        places = Path(environment.config.optlab_extra, PLACE).glob("*/labs.json")
        for place in in_order(file.parent for file in places):
            lesson = Path(environment.srcdir) / "lessons" / f"{place.name}.ipynb"
            labs = json.loads((place / "labs.json").read_text("utf-8"))["labs"].values()
            folds.append(solutions_html(f"{root}lessons/{lesson.stem}.html", title_of(lesson), labs))
        return [nodes.raw("", "\n".join(filter(None, folds)), format="html")]


THEME_AT_ONCE = """<script>
if ((localStorage.getItem("mode") ?? "auto") === "auto")
  localStorage.setItem("theme", matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
</script>"""
"""The theme asks the browser only when all its scripts are there, and until then shows its light colours."""


def _light_or_dark(*arguments: Any) -> None:
    _app, _name, _template, context, _tree = arguments
    context["metatags"] = context.get("metatags", "") + THEME_AT_ONCE


def setup(app: Any) -> dict[str, Any]:
    """Register with Sphinx."""
    app.add_config_value("optlab_extra", "", "env")
    app.add_directive("optlab-lab", LabDirective)
    app.add_directive("optlab-solutions", SolutionsDirective)
    app.connect("html-page-context", _light_or_dark)
    app.add_html_math_renderer("optlab", inline_renderers=(_inline, None), block_renderers=(_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _inline(self: Any, node: nodes.Element) -> None:
    self.body.append(f'<span class="math notranslate nohighlight">\\({self.encode(node.astext())}\\)</span>')
    raise nodes.SkipNode


def _block(self: Any, node: nodes.Element) -> None:
    self.body.append(self.starttag(node, "div", CLASS="math notranslate nohighlight"))
    self.body.append(f"\\[{self.encode(node.astext())}\\]</div>\n")
    raise nodes.SkipNode
