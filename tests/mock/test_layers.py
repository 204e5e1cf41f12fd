"""Imports of the mock, and the modules where they are allowed."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import Any

import axtasks.mock
import pytest
from axtasks.extras import install_command
from axtasks.mock.contract import contract

HERE = Path(axtasks.mock.__file__).parent
MODULES = sorted(HERE.rglob("*.py"))
PACKAGE = "axtasks.mock"
OTHER_MEANINGS = {"user", "none", "text", "TEXT", "template", "code", "DEFAULT"}
"""Values that are common words too, so that the code may have them for other purposes."""


def wire_values(node: Any) -> set[str]:
    """Return every value of an enum or a tag of a contract."""
    if isinstance(node, list):
        return set().union(*map(wire_values, node))
    if not isinstance(node, dict):
        return set()
    own = [node["const"]] if "const" in node else node.get("enum")
    found = {value for value in own if isinstance(value, str)} if isinstance(own, list) else set()
    return found.union(*map(wire_values, node.values()))


def imported(file: Path) -> set[str]:
    """Return the absolute names of all modules that a file imports, at any place."""
    found: set[str] = set()
    package = PACKAGE.split(".") + list(file.relative_to(HERE).parts[:-1])
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            found.add(".".join([*base, *([node.module] if node.module else [])]))
    return found


def test_the_mock_shares_no_code_with_the_client() -> None:
    """The mock imports no other part of the facade, and no part of the generated client.

    The module that tells how this package was installed is of neither.
    """
    names = [(file, name) for file in MODULES for name in sorted(imported(file))]

    def is_foreign(name: str) -> bool:
        package = name.partition(".")[0]
        is_ours = f"{name}.".startswith((f"{PACKAGE}.", "axtasks.extras."))
        return package == contract.PACKAGE or (package == "axtasks" and not is_ours)

    foreign = [f"{file.name} imports {name}" for file, name in names if is_foreign(name)]
    assert not foreign, "\n".join(foreign)


def test_each_library_is_imported_in_one_place() -> None:
    """Each outside library is imported in one place."""
    places = {
        "httpx": {"httpx_transport"},
        "uvicorn": {"server"},
        "click": {"serve"},
        "yaml": {"document", "export"},
        "msgspec": {"storage", "tasks", "writer"},
    }
    named = [(file.stem, name.partition(".")[0]) for file in MODULES for name in imported(file)]

    assert {library: {file for file, name in named if name == library} for library in places} == places


def test_modules_are_short() -> None:
    """A module has at most 450 lines."""
    lines = [(file.name, len(file.read_text(encoding="utf-8").splitlines())) for file in MODULES]

    long = [f"{name} has {count} lines" for name, count in lines if count > 450]
    assert not long, "\n".join(long)


def test_values_of_the_contract_are_in_one_module() -> None:
    """The values of the contract's enums and tags are spelled out in `vocabulary` alone."""
    found = (wire_values(contract.of(name).document["components"]) for name in contract.NAMES)
    values = set().union(*found) - OTHER_MEANINGS
    assert {"run_experiment", "pending", "llm_generation"} <= values

    spelled = {
        (file.stem, node.value)
        for file in MODULES
        if file.stem != "vocabulary"
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in values
    }
    assert spelled == set()


def loaded_after(code: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter has loaded after this code."""
    script = f"import sys\n{code}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.programs
@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import axtasks.mock", {"httpx", "uvicorn", "click", "jsonschema_rs"}),
        (
            "from axtasks.mock import Mock; Mock()",
            {"httpx", "uvicorn", "click", "jsonschema_rs"},
        ),
        (
            "from axtasks.mock import MockTransport; MockTransport()",
            {"httptools", "uvicorn"},
        ),
        ("import axtasks.mock.cli.serve", {"httpx", "uvicorn", "jsonschema_rs"}),
        ("from axtasks.mock import MockServer; MockServer()", {"httpx"}),
    ],
    ids=["package", "core", "transport", "command", "server"],
)
def test_nothing_is_loaded_before_it_is_needed(code: str, absent: set[str]) -> None:
    """Each part loads only the libraries that it works with, and never the generated client."""
    assert loaded_after(code) & {*absent, contract.PACKAGE} == set()


@pytest.mark.programs
def test_a_name_whose_library_is_missing_says_what_to_install() -> None:
    """The command installs from where this package came from."""
    script = "import sys; sys.modules['uvicorn'] = None\nfrom axtasks.mock import MockServer"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert done.stderr.endswith(f"ModuleNotFoundError: MockServer needs 'uvicorn': {install_command('mock')}\n")


def test_public_names() -> None:
    """Every public name can be imported, and there are no others."""
    assert axtasks.mock.__all__ == sorted(axtasks.mock.__all__)
    for name in axtasks.mock.__all__:
        assert getattr(axtasks.mock, name).__name__ == name
    assert set(axtasks.mock.__all__) <= set(dir(axtasks.mock))
    with pytest.raises(AttributeError, match="Nothing"):
        axtasks.mock.Nothing  # noqa: B018  # the access is what is tested
