"""Tests that every path in pyproject.toml, the Makefile, `make watch` and the workflows exists."""

from __future__ import annotations

import re
from itertools import product

import pytest

from spec import published, watch
from spec.generator.package import ROOT

FOLDERS = ("facade", "generated", "spec", "tests", "docs", r"\.ci", r"\.github")
# One below a folder of the top level, a file at the top level, or a module that is run with `-m`.
PATH = re.compile(
    rf"(?<![\w./)-])(?:(?:{'|'.join(FOLDERS)})/[\w./*%{{}},-]*[\w*}}]"
    r"|(?<!\$)[\w-]+\.(?:md|toml|lock)(?![\w/])"
    r"|(?<=-m )(?:tests|spec)(?:\.\w+)+)"
)
NAMED_BY = (
    "pyproject.toml",
    "Makefile",
    "spec/watch.py",
    ".ci/run",
    *sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob(".github/workflows/*.yml")),
)
# What a target writes, and a checkout need not have.
MADE = {published.STORE.relative_to(ROOT).as_posix()}


def named(file: str) -> list[str]:
    """Return the paths in the text of a file, with patterns in braces expanded."""
    text = (ROOT / file).read_text(encoding="utf-8")
    return sorted({path for found in PATH.findall(text) for path in expanded(found)})


def expanded(pattern: str) -> list[str]:
    """Return the patterns for a pattern with alternatives in braces."""
    parts = [part.split(",") for part in re.split(r"[{}]", pattern)] if "{" in pattern else [[pattern]]
    return ["".join(words) for words in product(*parts)]


def exists(path: str) -> bool:
    """Return True if a file, folder, module or match of a pattern exists."""
    if re.fullmatch(r"(?:tests|spec)(?:\.\w+)+", path):
        path = path.replace(".", "/")
        return (ROOT / f"{path}.py").is_file() or (ROOT / path / "__main__.py").is_file()
    return any(ROOT.glob(path.replace("%", "*").rstrip("/")))


@pytest.mark.parametrize("file", NAMED_BY)
def test_paths_that_are_named_exist(file: str) -> None:
    found = named(file)

    assert [path for path in found if path not in MADE and not exists(path)] == []


def test_paths_are_found_where_they_are_named() -> None:
    """Patterns in braces are expanded, and modules that are run are included."""
    assert expanded("tests/{bench,model/planted}/*.py") == ["tests/bench/*.py", "tests/model/planted/*.py"]
    assert PATH.findall('"generated" -m tests.model.chaos spec/generated.lock tests/%.txt') == [
        "tests.model.chaos",
        "spec/generated.lock",
        "tests/%.txt",
    ]
    assert not exists("tests/nowhere/*.py")
    assert not exists("tests.nowhere")
    assert all(named(file) for file in ("pyproject.toml", "Makefile", ".github/workflows/regenerate.yml"))


def test_paths_of_make_watch_exist() -> None:
    tests = [f"tests/{name}" for name in (*watch.ALWAYS, *watch.QUICK)]
    shared = [f"generated/axtasks_api/{name}" for name in watch.SHARED]

    assert [path for path in (*tests, *shared) if not exists(path)] == []
