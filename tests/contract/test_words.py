"""Tests of the names, docstrings and sizes of all modules."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import axtasks
import grimp
import pytest

FACADE = Path(axtasks.__file__).parent
MODULES = sorted(FACADE.rglob("*.py"))
SPEC = FACADE.parents[1] / "spec"
TESTS = Path(__file__).parents[1]
RIDDLE = re.compile(r"(Nothing|What|Whether|How|Who|Which|Where|When|That)\b")
# They say nothing without the word before them: known what, whose key?
TOO_SHORT = {"Known", "Key", "Group", "Kind", "Body", "Watch", "Items", "Wanted", "Answer"}
MOST_LINES = 450
# The whole tree of errors stands in one file.
MOST_LINES_OF_ERRORS = 630
SHORT = 60
# A file there is a method, a command, or a program.
# The mock is cut into its parts as its design has them, and two modules are there for callers of another version.
MAY_BE_SHORT = ("airflow/links.py", "resources/", "cli/commands/", "mock/", "_version.py", "demo.py", "__main__.py")


def name_of(path: Path) -> str:
    """Return a module's path below the facade, or below the project elsewhere."""
    return path.relative_to(FACADE if path.is_relative_to(FACADE) else SPEC.parent).as_posix()


@pytest.mark.parametrize("folder", [FACADE, SPEC, TESTS], ids=name_of)
def test_docstrings_begin_with_what_a_thing_is_or_does(folder: Path) -> None:
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = [(path, node) for path in folder.rglob("*.py") for node in ast.walk(ast.parse(path.read_text()))]
    docstrings = [(path, ast.get_docstring(node) or "") for path, node in nodes if isinstance(node, documented)]

    assert [(name_of(path), text.splitlines()[0]) for path, text in docstrings if RIDDLE.match(text)] == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_names_of_classes_say_their_role(path: Path) -> None:
    names = {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ClassDef)}

    assert not {name.lstrip("_") for name in names} & TOO_SHORT


@pytest.mark.parametrize("is_mock", [False, True], ids=["client", "mock"])
def test_no_two_classes_share_a_name(*, is_mock: bool) -> None:
    paths = [path for path in MODULES if name_of(path).startswith("mock/") is is_mock]
    nodes = [node for path in paths for node in ast.walk(ast.parse(path.read_text()))]
    names = [node.name for node in nodes if isinstance(node, ast.ClassDef)]

    assert sorted({name for name in names if names.count(name) > 1}) == []


def length(path: Path) -> int:
    """Return the number of lines of a module."""
    return len(path.read_text(encoding="utf-8").splitlines())


def test_modules_are_short_enough_to_be_read() -> None:
    most = {"errors.py": MOST_LINES_OF_ERRORS}
    lines = {name_of(path): length(path) for path in FACADE.rglob("*.py")}

    assert {name: count for name, count in lines.items() if count > most.get(name, MOST_LINES)} == {}


@cache
def imports() -> grimp.ImportGraph:
    """Return the imports of all modules of the facade."""
    return grimp.build_graph("axtasks", cache_dir=None)


def test_a_short_module_serves_more_than_one_other() -> None:
    """A short module with one importer belongs into that importer."""
    short = [
        path
        for path in MODULES
        if length(path) < SHORT and path.name != "__init__.py" and not name_of(path).startswith(MAY_BE_SHORT)
    ]
    names = {name_of(path): f"axtasks.{name_of(path).removesuffix('.py').replace('/', '.')}" for path in short}
    importers = {name: imports().find_modules_that_directly_import(module) for name, module in names.items()}

    assert {name: found for name, found in importers.items() if len(found) <= 1} == {}
