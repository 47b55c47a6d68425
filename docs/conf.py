"""Sphinx's settings. `optlab site OUT` calls Sphinx, after it has put the notebooks beside these pages."""

import os
from pathlib import Path

from optlab import __version__

project = "optlab"
author = "optlab contributors"
copyright = "optlab contributors"  # noqa: A001  (Sphinx's name)
release = version = __version__

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "optlab.site.extension"]
exclude_patterns = ["_include/**"]
optlab_extra = str(Path(__file__).parent.parent / "extra")

# a part of the course only: what is not there cannot be linked to
suppress_warnings = ["myst.xref_missing"] if os.environ.get("OPTLAB_PART") else []

nb_execution_mode = "off"
nb_ipywidgets_js = {}
nb_merge_streams = True
myst_enable_extensions = ["dollarmath", "amsmath", "html_image", "colon_fence"]
myst_heading_anchors = 4
myst_heading_slug_func = "optlab.site.slugs.slug"

html_theme = "sphinx_book_theme"
html_title = "optlab"
html_math_renderer = "optlab"
html_static_path = ["_static"]
html_css_files = ["optlab.css", "site.css"]
html_js_files = [("optlab.js", {"type": "module"})]
html_favicon = "_static/favicon.svg"
html_context = {"default_mode": "auto"}
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {
    "use_download_button": False,
    "use_issues_button": False,
    "use_fullscreen_button": False,
    "navbar_persistent": [],
    "secondary_sidebar_items": {"**": ["page-toc"], "index": []},
    "show_toc_level": 2,
    "home_page_in_toc": True,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}

autodoc_typehints = "signature"
autodoc_member_order = "bysource"
napoleon_use_rtype = False
napoleon_custom_sections = [("Source", "notes_style")]
