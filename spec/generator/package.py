"""Makes a client package from the contract."""

from __future__ import annotations

import copy
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .additions import Additions, additions
from .contract import load_contract
from .spelling import Spellings, take_spellings

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# Lines of the generated client that would show a token in its repr, and what is put in their places.
SHOWING_TOKENS = {
    "    token: str\n": "    token: str = field(repr=False)\n",
    'alias="headers")\n': 'alias="headers", repr=False)\n',
}
# The extension by which the template of models knows those of responses.
RESPONSE_MARK = "x-in-response"
NOT_A_CLASS = "# A plain dict needs no class."
# What a module of an endpoint says of its operation.
OPERATION_ID = re.compile(r'operation_id="(\w+)"')


class GenerationError(Exception):
    """The contract could not be made into a package."""


@dataclass(frozen=True)
class Source:
    """What a package is made from.

    Attributes:
        spec: the contract.
        overlays: what is applied to it, in this order.
    """

    spec: Path
    overlays: tuple[Path, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """The contract and its overlays."""
        return (self.spec, *self.overlays)

    @property
    def header(self) -> str:
        """The first line of each module, which is the same wherever the project stands."""
        names = " and ".join(
            (file.relative_to(ROOT) if file.is_relative_to(ROOT) else Path(file.name)).as_posix() for file in self.files
        )
        return f'# Generated from {names} by "make generate"; do not edit.\n'


def make_package(source: Source, target: Path) -> None:
    """Writes the package that the contract makes to `target`, which must not exist yet and whose name it bears.

    Raises:
        ContractError: a file is no contract.
        OverlayError: an overlay has an action without a reason or without effect.
        GenerationError: the generator warned or failed.
    """
    contract = load_contract(source.spec, source.overlays)
    in_python = with_parameter_descriptions(contract)
    spellings = take_spellings(in_python)
    before = load_contract(source.spec)
    former = take_spellings(before) if source.overlays else {}
    with tempfile.TemporaryDirectory() as scratch:
        document = Path(scratch) / "openapi.json"
        document.write_text(json.dumps(with_response_marks(in_python)), encoding="utf-8")
        run_generator(document, target)
    hide_token(target / "client.py")
    for runtime in sorted((HERE / "runtime").glob("*.py")):
        # Only runs of tasks have an outcome, which a contract of other things does not know.
        if runtime.name != "run_outcome.py" or (target / "models" / "task_run.py").exists():
            shutil.copyfile(runtime, target / runtime.name)
    stage = str(contract.get("info", {}).get("x-stage", ""))
    dialect = dialect_module(stage, spellings, former, additions(before, in_python))
    (target / "dialect.py").write_text(dialect, encoding="utf-8")
    (target / "operations.py").write_text(operations_module(target / "api"), encoding="utf-8")
    for module in sorted(target.rglob("*.py")):
        text = module.read_text(encoding="utf-8")
        if NOT_A_CLASS in text:
            module.unlink()
        else:
            module.write_text(source.header + text, encoding="utf-8")
    bundle = json.dumps(contract, ensure_ascii=False, indent=1) + "\n"
    (target / "openapi.json").write_text(bundle, encoding="utf-8")
    (target / "py.typed").touch()


def dialect_module(stage: str, spellings: Spellings, former: Spellings, added: Additions) -> str:
    """The module that holds what sets this dialect of the contract apart."""
    lines = [
        '"""What sets this dialect apart: its stage, how it spells values that have other names, what is new."""',
        "",
        "from collections.abc import Mapping",
        "",
        f'STAGE = "{stage}"',
        "# Enum, or Model.field of a constant, to: name in Python to spelling on the wire.",
        *_spelling_table("SPELLING", spellings),
        "# The same of the contract that the dialect is made from.",
        *_spelling_table("FORMER_SPELLING", former),
        "# Class or operation, to the fields, values or parameters that it has in this dialect and not in the contract",
        "# that the dialect is made from; none where all of it is new.",
        "ADDED: Mapping[str, frozenset[str]] = {",
    ]
    for name in sorted(added):
        members = ", ".join(f'"{member}"' for member in sorted(added[name]))
        lines.append(f'    "{name}": frozenset({{{members}}}),' if members else f'    "{name}": frozenset(),')
    return "\n".join([*lines, "}", ""])


def _spelling_table(name: str, spellings: Spellings) -> list[str]:
    lines = [f"{name}: Mapping[str, Mapping[str, str]] = {{"]
    for domain in sorted(spellings):
        lines.append(f'    "{domain}": {{')
        lines += [f'        "{python}": "{wire}",' for python, wire in spellings[domain].items()]
        lines.append("    },")
    return [*lines, "}"]


def operations_module(api: Path) -> str:
    """The module that finds an operation by its id."""
    found = {}
    for module in sorted(api.glob("*/*.py")):
        if match := OPERATION_ID.search(module.read_text(encoding="utf-8")):
            found[match[1]] = f".api.{module.parent.name}.{module.stem}"
    lines = [
        '"""The operations of the contract by their ids. Each is imported when it is first asked for."""',
        "",
        "from importlib import import_module",
        "from typing import TYPE_CHECKING, Any",
        "",
        "if TYPE_CHECKING:",
        "    from .operation import Operation",
        "",
        "_MODULES = {",
        *(f'    "{name}": "{found[name]}",' for name in sorted(found)),
        "}",
        "",
        "IDS = tuple(_MODULES)",
        "",
        "",
        'def operation(id: str) -> "Operation[..., Any]":',
        '    """The operation with this id; a KeyError where the contract has none."""',
        "    found: Operation[..., Any] = import_module(_MODULES[id], __package__).operation",
        "    return found",
        "",
    ]
    return "\n".join(lines)


def hide_token(module: Path) -> None:
    """Keeps the token, and the headers that come to hold it, out of the repr of the generator's own clients.

    Raises:
        GenerationError: the module is not what it was, and may show them.
    """
    text = module.read_text(encoding="utf-8")
    for shown, hidden in SHOWING_TOKENS.items():
        if shown not in text:
            raise GenerationError(f"{module.name} has no line {shown.strip()!r} whose value could be hidden")
        text = text.replace(shown, hidden)
    module.write_text(text, encoding="utf-8")


def with_parameter_descriptions(contract: dict[str, Any]) -> dict[str, Any]:
    """The contract with each parameter's description in its schema too, where the generator looks for it."""
    copied: dict[str, Any] = copy.deepcopy(contract)
    for parameter in copied.get("components", {}).get("parameters", {}).values():
        if "$ref" not in parameter["schema"]:
            parameter["schema"].setdefault("description", parameter.get("description", ""))
    return copied


def with_response_marks(contract: dict[str, Any]) -> dict[str, Any]:
    """The contract with a mark at each schema that stands in a response, which makes it a model of what is received."""
    marked: dict[str, Any] = copy.deepcopy(contract)
    methods = [method for item in marked.get("paths", {}).values() for method in item.values()]
    waiting: list[Any] = [method.get("responses", {}) for method in methods if isinstance(method, dict)]
    seen: set[str] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            waiting += node.values()
            reference = node.get("$ref")
            if isinstance(reference, str) and reference not in seen:
                seen.add(reference)
                waiting.append(_target(marked, reference))
    for reference in seen:
        if reference.startswith("#/components/schemas/"):
            _target(marked, reference)[RESPONSE_MARK] = True
    return marked


def _target(contract: dict[str, Any], reference: str) -> Any:
    """The object that a reference within the contract names."""
    found: Any = contract
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def run_generator(document: Path, target: Path) -> None:
    """Runs openapi-python-client with our settings and templates; a warning is an error."""
    scripts = str(Path(sys.executable).parent)
    command = [
        *(sys.executable, "-m", "openapi_python_client", "generate"),
        *("--path", str(document), "--output-path", str(target), "--config", str(HERE / "config.yaml")),
        *("--custom-template-path", str(HERE / "templates"), "--meta", "none", "--fail-on-warning"),
    ]
    # The hooks are looked up on PATH, and the ruff that is meant stands beside this interpreter. UTF-8 whatever the
    # locale, and one order of sets whatever the seed, so that all machines make the same files.
    environment = {
        **os.environ,
        "PATH": scripts + os.pathsep + os.environ.get("PATH", ""),
        "NO_COLOR": "1",
        "PYTHONUTF8": "1",
        "PYTHONHASHSEED": "0",
    }
    finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, encoding="utf-8")
    if finished.returncode != 0 or not (target / "models").is_dir():
        raise GenerationError(f"openapi-python-client failed:\n{finished.stdout}{finished.stderr}")
