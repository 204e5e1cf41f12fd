"""Tests of the facade's layers that import-linter cannot express."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import axtasks
import axtasks_api
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

FACADE = Path(axtasks.__file__).parent
CONFIGURATION = FACADE.parents[1] / "pyproject.toml"
GENERATED = Path(axtasks_api.__file__).parent.parent
PACKAGES = {name: GENERATED / name for name in (axtasks_api.__name__,)}
CORE = sorted(
    path
    for path in FACADE.rglob("*.py")
    if path.relative_to(FACADE).parts[0] not in {"cli", "mock", "testing", "demo.py"}
)
CLI = sorted((FACADE / "cli").rglob("*.py"))
MOCK = sorted((FACADE / "mock").rglob("*.py"))
TESTING = sorted((FACADE / "testing").rglob("*.py"))


def name_of(path: Path) -> str:
    """Return a module's path below its package."""
    return path.relative_to(FACADE if path.is_relative_to(FACADE) else GENERATED).as_posix()


@cache
def code(path: Path) -> tuple[ast.AST, ...]:
    """Return all nodes in the syntax tree of a module."""
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def imports(path: Path) -> Iterator[str]:
    """Yield the full names of all imports of a module, at any depth of its code."""
    package = path.relative_to(path.parents[len(path.relative_to(FACADE.parent).parts) - 1]).parts[:-1]
    for node in code(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, [base, node.module]))
            yield from (f"{module}.{alias.name}" for alias in node.names)


def importers(paths: Iterable[Path], is_wrong: Callable[[str], bool]) -> list[str]:
    """Return each module with forbidden imports, and those imports."""
    return [f"{name_of(path)} imports {name}" for path in paths for name in imports(path) if is_wrong(name)]


def assert_none(offenders: Iterable[str]) -> None:
    """Fail with all offenders, one a line: pytest itself shortens long lists."""
    found = list(offenders)
    assert not found, "\n".join(found)


def is_below(*packages: str) -> Callable[[str], bool]:
    """Return a test for names that are one of these packages, or inside of it."""
    return lambda name: f"{name}.".startswith(tuple(f"{package}." for package in packages))


def texts(path: Path) -> Iterator[ast.Constant]:
    """Yield the string literals of a module that are not docstrings."""
    docstrings = {
        id(node.body[0].value)
        for node in code(path)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in code(path):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node


def test_the_parts_are_at_their_places() -> None:
    assert len(CORE) > 20
    assert len(MOCK) > 10
    assert CLI
    assert TESTING


LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"
UPWARDS = "\n\ndef late() -> None:\n    from axtasks.client import AxClient\n"
FOR_TYPES = "\nif TYPE_CHECKING:\n    from axtasks.resources.tasks import get_task\n"
OF_COMMANDS = "\n\ndef late() -> None:\n    from axtasks.cli.command import say\n"
OF_OPERATIONS = "\nif TYPE_CHECKING:\n    from axtasks.mock.operations.request import Call\n"
IN_A_CIRCLE = "\n\ndef late() -> None:\n    from .drivers import SyncDriver\n"


@pytest.mark.programs
@pytest.mark.parametrize(
    ("module", "planted", "told"),
    [
        pytest.param("engine/retry.py", "", "", id="as-it-is"),
        pytest.param("engine/retry.py", UPWARDS, "axtasks.engine.retry -> axtasks.client", id="upwards-in-a-function"),
        pytest.param(
            "polling/poller.py", FOR_TYPES, "axtasks.polling.poller -> axtasks.resources", id="upwards-for-types"
        ),
        pytest.param("engine/effects.py", IN_A_CIRCLE, "No cycles are allowed in axtasks.engine", id="in-a-circle"),
        pytest.param(
            "cli/errors.py", "\nfrom . import iostreams\n", "No cycles are allowed in axtasks.cli", id="of-commands"
        ),
        pytest.param(
            "conformance/compare.py",
            OF_COMMANDS,
            "axtasks.conformance.compare -> axtasks.cli.command",
            id="of-the-library",
        ),
        pytest.param("mock/ids.py", UPWARDS, "axtasks.mock is not allowed to import axtasks.client", id="of-the-mock"),
        pytest.param(
            "mock/world/query.py",
            OF_OPERATIONS,
            "axtasks.mock.world.query -> axtasks.mock.operations.request",
            id="upwards-in-the-mock",
        ),
        pytest.param("inputs/models.py", "\nimport httpx\n", "axtasks.inputs.models -> httpx", id="of-httpx"),
    ],
)
def test_the_import_linter_finds_what_is_not_allowed(tmp_path: Path, module: str, planted: str, told: str) -> None:
    for package in (FACADE, *PACKAGES.values()):
        shutil.copytree(package, tmp_path / package.name, ignore=shutil.ignore_patterns("__pycache__", "static"))
    with (tmp_path / "axtasks" / module).open("a", encoding="utf-8") as file:
        file.write(planted)

    done = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache", "--no-logo", str(CONFIGURATION)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "COLUMNS": "200"},
    )

    assert done.returncode == bool(planted), done.stdout + done.stderr
    assert told in done.stdout


def test_the_core_uses_the_seam_of_the_generated_client_and_nothing_else() -> None:
    seam = {"api", "models", "operation", "operations", "dialect", "codec", "types"}

    def is_elsewhere(name: str) -> bool:
        package, *inside = name.split(".")
        return package in PACKAGES and inside[:1] != [] and inside[0] not in seam

    assert_none(importers(CORE, is_elsewhere))


def test_the_command_line_uses_only_the_public_facade() -> None:
    public = {
        "axtasks",
        "axtasks._version.__version__",
        "axtasks_api.codec.finite",
        *(f"axtasks.{name}" for name in axtasks.__all__),
    }
    is_ours = is_below("axtasks", *PACKAGES)

    def is_private(name: str) -> bool:
        below = ("axtasks.cli", "axtasks.conformance", "axtasks.profiles", "axtasks.text", "axtasks.extras")
        return is_ours(name) and not name.startswith(below) and name not in public

    assert_none(importers(CLI, is_private))


def test_no_value_of_the_wire_is_spelled_out(contract: dict[str, Any], contract_of_beta: dict[str, Any]) -> None:
    """A renamed value of the contract then needs no edit but generating."""
    schemas = [schema for each in (contract, contract_of_beta) for schema in each["components"]["schemas"].values()]
    wire = {value for schema in schemas for value in schema.get("enum", [])}
    wire |= {
        field["const"] for schema in schemas for field in schema.get("properties", {}).values() if "const" in field
    }
    # Words that mean other things too.
    words = {"text", "none", "user", "code", "function", "template", "tool", "system", "assistant", "trace"}
    wire -= {word for each in words for word in (each, each.upper())}

    assert wire
    assert_none(
        f"{name_of(path)}:{node.lineno}: {node.value!r}"
        for path in (*CORE, *CLI)
        for node in texts(path)
        if node.value in wire
    )


@pytest.mark.programs
def test_the_pytest_plugin_imports_nothing_but_pytest_until_a_fixture_is_used() -> None:
    report = (
        "import pytest, sys; before = {*sys.modules}; import axtasks.testing.plugin; print(*{*sys.modules} - before)"
    )

    loaded = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True).stdout.split()

    # Former modules are names that lead elsewhere, and import nothing until they are used.
    ours = {"axtasks", "axtasks._version", "axtasks.testing", "axtasks.testing.plugin", *axtasks._FORMER_MODULES}
    assert {name for name in loaded if name.split(".")[0] not in sys.stdlib_module_names} == ours


HEAVY = ("httpx", "pandas", "click", "httptools", "uvicorn", "jsonschema_rs", "attr", "attrs", "asyncio")


@pytest.mark.programs
@pytest.mark.parametrize(
    "code",
    [
        pytest.param("import axtasks", id="the package"),
        pytest.param("from axtasks import AxClient; AxClient(api_key='k')", id="a client"),
        pytest.param("from axtasks import AsyncAxClient; AsyncAxClient(api_key='k')", id="an async client"),
        pytest.param("import axtasks_api.models, axtasks_api.api.tasks.get_task", id="the generated package"),
    ],
)
def test_unused_parts_are_not_imported(code: str) -> None:
    report = f"{code}; import sys; print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True).stdout.split()

    assert not [name for name in loaded if name.split(".")[0] in HEAVY]
    models = tuple(f"{package}.models" for package in PACKAGES)
    ours = ("axtasks.mock.", "axtasks.cli.", *(f"{name}." for name in models))
    assert not [name for name in loaded if name not in models and f"{name}.".startswith(ours)]


@pytest.mark.programs
def test_help_of_the_command_line_imports_no_client() -> None:
    report = "import sys\nfrom axtasks.cli import main\ntry: main(['--help'])\nfinally: print('loaded', *sys.modules)"

    output = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=False).stdout
    loaded = output.partition("loaded ")[2].split()

    assert "mock" in output
    assert "axtasks.cli" in loaded
    assert not [name for name in loaded if name.split(".")[0] in {"httpx", "attrs", "uvicorn", *PACKAGES}]
