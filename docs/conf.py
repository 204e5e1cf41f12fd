"""Sphinx settings of the pages: Markdown by MyST, API pages from docstrings, names linked to their definitions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import axtasks
from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "ax-tasks"
version = release = axtasks.__version__
author = "the authors of ax-tasks"
project_copyright = "the authors of ax-tasks; Apache-2.0"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton"]
exclude_patterns = ["_build"]
suppress_warnings = ["ref.python"]  # two public classes are named Clock: that of the client and that of the mock
smartquotes = False  # the search finds `mock's` as it is typed
nitpicky = True
nitpick_ignore_regex = [("py:.*", ".*")]  # types in signatures are text: most are of the standard library or private

myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
default_role = "code"  # single backquotes in docstrings
maximum_signature_line_length = 88
python_use_unqualified_type_names = True
toc_object_entries_show_parents = "hide"
add_module_names = False
napoleon_use_ivar = True
napoleon_use_rtype = False

html_theme = "furo"
html_title = "ax-tasks"
html_static_path = ["_static"]
html_css_files = ["pages.css"]
html_search_scorer = str(Path(__file__).with_name("scorer.js"))
html_show_sphinx = False
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {"navigation_with_keys": True}
copybutton_prompt_text = "$ "

REFERENCE = "reference/"
OF_THE_MOCK = ("world-", "marker-", "fault-key-", "control-")
"""Anchors of plain words, such as `name`: only the pages about the mock mean these."""
MOCK_PAGES = re.compile(r"(mock|world|fault|pytest|control)")


def note_definitions(app: Sphinx, doctree: nodes.document) -> None:
    """Note each name that a page of the reference defines: code in a span with an id, such as `` [`name`]{#id} ``."""
    page = app.env.docname
    definitions: dict[str, dict[str, str]] = app.env.__dict__.setdefault("definitions", {})
    definitions[page] = {}
    if page.startswith(REFERENCE):
        for span in doctree.findall(nodes.inline):
            if span["ids"] and len(span.children) == 1 and isinstance(span.children[0], nodes.literal):
                definitions[page].setdefault(span.astext(), span["ids"][0])


def definitions_for(app: Sphinx, page: str) -> dict[str, tuple[str, str]]:
    """Return where each name is defined that a page may mean: on the page itself, else on a page of the reference."""
    found: dict[str, tuple[str, str]] = {}
    for full, entry in app.env.domains.python_domain.objects.items():
        if full.startswith("axtasks."):
            short = full.removeprefix("axtasks.")
            found.setdefault(short, (entry.docname, entry.node_id))
            if entry.objtype in {"method", "property"}:
                found.setdefault(f"{short}()", (entry.docname, entry.node_id))
    noted: dict[str, dict[str, str]] = app.env.__dict__.get("definitions", {})
    for where in sorted(noted, key=lambda each: each != page):
        for name, anchor in noted[where].items():
            if not name.isdigit() and (MOCK_PAGES.search(page) or not anchor.startswith(OF_THE_MOCK)):
                found.setdefault(name, (where, anchor))
    return found


def link_names(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Make each name in code a link to the place that defines it."""
    definitions = definitions_for(app, page)
    for literal in list(doctree.findall(nodes.literal)):
        where = definitions.get(literal.astext())
        if where is None or _is_linked(literal):
            continue
        target, anchor = where
        uri = "" if target == page else app.builder.get_relative_uri(page, target)
        literal.replace_self(nodes.reference("", "", literal.deepcopy(), refuri=f"{uri}#{anchor}", internal=True))


def _is_linked(literal: nodes.Element) -> bool:
    """Tell whether code is part of a link, a heading or a definition already."""
    at: nodes.Element | None = literal.parent
    while at is not None:
        if isinstance(at, nodes.reference | nodes.title) or (isinstance(at, nodes.inline) and at["ids"]):
            return True
        at = at.parent
    return False


def setup(app: Sphinx) -> None:
    """Connect the two steps."""
    app.connect("doctree-read", note_definitions)
    app.connect("doctree-resolved", link_names)
