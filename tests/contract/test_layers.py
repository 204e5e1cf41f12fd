"""Who may import whom, and what each part may know: the layers of the house."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import axtasks
import axtasks_api
import axtasks_api_beta
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

FACADE = Path(axtasks.__file__).parent
GENERATED = Path(axtasks_api.__file__).parent.parent
PACKAGES = {name: GENERATED / name for name in (axtasks_api.__name__, axtasks_api_beta.__name__)}
CORE = sorted(
    path
    for path in FACADE.rglob("*.py")
    if path.relative_to(FACADE).parts[0] not in {"cli", "mock", "testing", "demo.py"}
)
CLI = sorted((FACADE / "cli").rglob("*.py"))
MOCK = sorted((FACADE / "mock").rglob("*.py"))
TESTING = sorted((FACADE / "testing").rglob("*.py"))
LONGEST_MODULE = 310


def name_of(path: Path) -> str:
    """A module's path below its package, for test ids."""
    return path.relative_to(FACADE if path.is_relative_to(FACADE) else GENERATED).as_posix()


def imports(path: Path) -> Iterator[str]:
    """The full names of everything a module imports, at any depth of its code."""
    package = path.relative_to(path.parents[len(path.relative_to(FACADE.parent).parts) - 1]).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, [base, node.module]))
            yield from (f"{module}.{alias.name}" for alias in node.names)


def texts(path: Path) -> Iterator[ast.Constant]:
    """The string literals of a module that are not docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node


def test_the_parts_are_where_they_are_looked_for() -> None:
    assert len(CORE) > 20
    assert len(MOCK) > 10
    assert CLI
    assert TESTING


@pytest.mark.parametrize(
    "path", [path for package in PACKAGES.values() for path in sorted(package.rglob("*.py"))], ids=name_of
)
def test_generated_code_imports_nothing_of_ours_and_no_other_package_of_its_kind(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    absolute = [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.level == 0]
    absolute += [alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names]

    assert not [name for name in absolute if name.split(".")[0] in {"axtasks", *PACKAGES}]


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_the_core_imports_neither_the_command_line_nor_the_mock(path: Path) -> None:
    assert not [name for name in imports(path) if f"{name}.".startswith(("axtasks.cli.", "axtasks.mock.", "click."))]


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_only_the_transport_names_httpx(path: Path) -> None:
    # The client's signature takes an httpx client, which only type checkers look at.
    allowed = path.parent.name == "transport" or name_of(path) == "client.py"

    assert allowed or not [name for name in imports(path) if name.split(".")[0] == "httpx"]


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_the_core_uses_the_seam_of_the_generated_client_and_nothing_else(path: Path) -> None:
    seam = {"api", "models", "operation", "operations", "dialect", "codec", "types"}
    used = [name.split(".") for name in imports(path) if name.split(".")[0] in PACKAGES]

    assert [".".join(name) for name in used if name[1:2] and name[1] not in seam] == []


@pytest.mark.parametrize("path", CLI, ids=name_of)
def test_the_command_line_uses_only_the_public_facade(path: Path) -> None:
    public = {"axtasks", "axtasks._version.__version__", *(f"axtasks.{name}" for name in axtasks.__all__)}
    ours = [name for name in imports(path) if name.split(".")[0] in {"axtasks", *PACKAGES}]
    foreign = [name for name in ours if not name.startswith(("axtasks.cli", "axtasks.profiles"))]

    assert sorted(set(foreign) - public) == []


@pytest.mark.parametrize("path", MOCK, ids=name_of)
def test_the_mock_shares_no_code_with_the_client(path: Path) -> None:
    ours = [name for name in imports(path) if name.split(".")[0] in {"axtasks", *PACKAGES}]

    assert not [name for name in ours if not name.startswith("axtasks.mock")]


@pytest.mark.parametrize("path", [*CORE, *CLI, *MOCK], ids=name_of)
def test_nothing_depends_on_the_testing_of_others(path: Path) -> None:
    assert not [name for name in imports(path) if f"{name}.".startswith("axtasks.testing.")]


@pytest.mark.parametrize("path", [*CORE, *CLI], ids=name_of)
def test_no_value_of_the_wire_is_spelled_out(
    path: Path, contract: dict[str, Any], contract_of_beta: dict[str, Any]
) -> None:
    """The day the contract renames its values, generating is the whole change."""
    schemas = [schema for each in (contract, contract_of_beta) for schema in each["components"]["schemas"].values()]
    wire = {value for schema in schemas for value in schema.get("enum", [])}
    wire |= {
        field["const"] for schema in schemas for field in schema.get("properties", {}).values() if "const" in field
    }
    # Words that mean other things too.
    words = {"text", "none", "user", "code", "function", "template", "tool", "system", "assistant"}
    wire -= {word for each in words for word in (each, each.upper())}

    assert not [f"line {node.lineno}: {node.value!r}" for node in texts(path) if node.value in wire]


@pytest.mark.parametrize("path", sorted(FACADE.rglob("*.py")), ids=name_of)
def test_modules_are_short_enough_to_be_read(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE


def test_the_pytest_plugin_imports_nothing_but_pytest_until_a_fixture_is_used() -> None:
    report = (
        "import pytest, sys; before = {*sys.modules}; import axtasks.testing.plugin; print(*{*sys.modules} - before)"
    )

    loaded = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True).stdout.split()

    ours = {"axtasks", "axtasks._version", "axtasks.testing", "axtasks.testing.plugin"}
    assert {name for name in loaded if name.split(".")[0] not in sys.stdlib_module_names} == ours


HEAVY = ("httpx", "pandas", "click", "httptools", "rich", "uvicorn", "jsonschema_rs", "attr", "attrs", "asyncio")


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("import axtasks", id="the package"),
        pytest.param("from axtasks import AxClient; AxClient(api_key='k')", id="a client"),
        pytest.param("from axtasks import AsyncAxClient; AsyncAxClient(api_key='k')", id="an async client"),
        pytest.param("import axtasks_api.models, axtasks_api.api.tasks.get_task", id="the generated package"),
        pytest.param("import axtasks_api_beta.models, axtasks_api_beta.operations", id="the package of the beta"),
    ],
)
def test_what_is_not_used_yet_is_not_imported(code: str) -> None:
    report = f"{code}; import sys; print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True).stdout.split()

    assert not [name for name in loaded if name.split(".")[0] in HEAVY]
    models = tuple(f"{package}.models" for package in PACKAGES)
    ours = ("axtasks.mock.", "axtasks.cli.", *(f"{name}." for name in models))
    assert not [name for name in loaded if name not in models and f"{name}.".startswith(ours)]


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_only_what_writes_requests_knows_the_package_of_the_documents(path: Path) -> None:
    """Everything else is the same code for both dialects, with the classes of the newer one."""
    allowed = {"axtasks_api.operations.operation"} if name_of(path) == "dialects.py" else set()

    assert {name for name in imports(path) if name.split(".")[0] == axtasks_api.__name__} == allowed


ANSWERED = """
import httpx
from axtasks import AxClient
from axtasks.mock import Mock, MockTransport
from axtasks.mock.default_world import CHAT_PROD, CHAT_QUALITY, HALLUCINATION
with httpx.Client(transport=MockTransport(Mock(contract={served!r}))) as http:
    ax = AxClient(api_key="k", contract={served!r}, http_client=http)
    {call}
import sys
print(*sys.modules)
"""
CREATE = 'ax.tasks.create_evaluation_task("x", task_type="{}", evaluators=[HALLUCINATION], project=CHAT_PROD)'


@pytest.mark.parametrize(
    ("served", "call", "loaded"),
    [
        pytest.param("documents", "ax.tasks.get(CHAT_QUALITY)", False, id="a read"),
        pytest.param("documents", "ax.tasks.update(CHAT_QUALITY, name='x')", False, id="a write without a tag"),
        pytest.param("documents", CREATE.format("template_evaluation"), True, id="a write with a tag"),
        pytest.param("beta", CREATE.format("template_evaluation"), False, id="a write in the newer dialect"),
    ],
)
def test_the_package_of_the_documents_is_loaded_only_to_write_what_it_spells_otherwise(
    served: str, call: str, *, loaded: bool
) -> None:
    code = ANSWERED.format(served=served, call=call)

    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()

    assert ("axtasks_api" in modules) is loaded
    assert not [name for name in modules if name.startswith("axtasks_api.models.")]


def test_help_of_the_command_line_imports_no_client() -> None:
    report = "import sys\nfrom axtasks.cli import main\ntry: main(['--help'])\nfinally: print('loaded', *sys.modules)"

    output = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=False).stdout
    loaded = output.partition("loaded ")[2].split()

    assert "mock" in output
    assert "axtasks.cli" in loaded
    assert not [name for name in loaded if name.split(".")[0] in {"httpx", "attrs", "rich", "uvicorn", *PACKAGES}]
