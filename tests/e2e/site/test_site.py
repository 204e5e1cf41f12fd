"""The built site needs no other host, has no broken links, and its reference defines each name once."""

from __future__ import annotations

import re
import runpy
from collections import defaultdict
from urllib.parse import urlsplit

import axtasks
import pytest
from axtasks.cli import main
from axtasks.cli.errors import Exit
from axtasks.mock.faults.fault import FaultKind

from tests.docs.cli_reference import SHARED, anchor, commands, options
from tests.docs.pages import ROOT
from tests.docs.shell import VARIABLES
from tests.e2e.site.html_pages import REFERENCE, SITE, pages, target

SETTINGS = ROOT / "docs" / "conf.py"


def defined() -> dict[str, set[str]]:
    """Return the reference pages that define each text."""
    found: dict[str, set[str]] = defaultdict(set)
    for path, page in pages().items():
        if path.startswith(REFERENCE):
            for text, _ in page.definitions:
                found[text].add(path)
    return found


def test_no_page_loads_anything_from_another_host() -> None:
    loaded = {(path, each) for path, page in pages().items() for each in page.loads}

    assert {(path, each) for path, each in loaded if urlsplit(each).netloc} == set()
    assert len(loaded) > len(pages())


def test_no_style_loads_anything_from_another_host() -> None:
    styles = [path.read_text(encoding="utf-8") for path in SITE.rglob("*.css")]
    loaded = [each for text in styles for each in re.findall(r"(?:url\(|@import\s+)['\"]?([^'\")]+)", text)]

    assert [each for each in loaded if each.startswith(("http:", "https:", "//"))] == []


def test_every_link_within_the_site_leads_somewhere() -> None:
    broken = []
    for path, page in pages().items():
        for link in page.links:
            file, fragment = target(path, link)
            if not urlsplit(link).scheme and file in pages():
                if fragment and fragment not in pages()[file].anchors:
                    broken.append((path, link))
            elif not urlsplit(link).scheme and not (SITE / file).exists():
                broken.append((path, link))

    assert broken == []


@pytest.mark.parametrize("name", axtasks.__all__)
def test_each_public_name_is_defined_on_one_page_of_the_reference(name: str) -> None:
    where = [path for path, page in pages().items() if path.startswith(REFERENCE) and f"axtasks.{name}" in page.anchors]

    assert len(where) == 1


def test_each_option_of_the_command_line_is_defined() -> None:
    anchors = pages()["reference/command-line.html"].anchors
    wanted = {
        anchor("ax", *(() if option.name in SHARED else words), max(option.opts, key=len))
        for words, command in commands(main)
        for option in options(command)
    }

    assert len(wanted) > 100
    assert wanted - anchors == set()


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("reference/configuration.html", sorted(VARIABLES)),
        ("reference/exit-codes.html", [str(each.value) for each in Exit]),
    ],
    ids=["environment variables", "exit codes"],
)
def test_names_are_defined_on_their_page_alone(page: str, names: list[str]) -> None:
    assert {name: defined()[name] for name in names} == {name: {page} for name in names}


@pytest.mark.parametrize("fault", [each.value for each in FaultKind])
def test_each_fault_is_defined_on_one_page_of_the_reference(fault: str) -> None:
    where = [path for path, page in pages().items() if path.startswith(REFERENCE) and f"fault-{fault}" in page.anchors]

    assert where == ["reference/fault-scripts.html"]


def test_mentions_on_pages_of_the_reference_are_links() -> None:
    """Numbers, names with several definitions, and plain words of the mock need no link."""
    where = defined()
    alone = {text for text, found in where.items() if len(found) == 1 and not text.isdigit()} - plain_words()
    alone |= {name for name in axtasks.__all__ if name[0] != "_"}
    unlinked = {
        (path, text)
        for path, page in pages().items()
        if path.startswith(REFERENCE)
        for text in page.unlinked
        if text in alone
    }

    assert unlinked == set()


def plain_words() -> set[str]:
    """Return keys of world files, fault scripts and the like, which mean something else on the client's pages."""
    settings = runpy.run_path(str(SETTINGS))
    return {
        text
        for page in pages().values()
        for text, anchor_of_text in page.definitions
        if anchor_of_text.startswith(settings["OF_THE_MOCK"])
    }
