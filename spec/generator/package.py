"""Makes a client package from the contract."""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ruff  # type: ignore[import-untyped]  # it comes without types
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader
from openapi_python_client import TEMPLATE_FILTERS
from openapi_python_client.schema import OpenAPI
from pydantic import ValidationError

from .additions import Additions, additions, keep_open
from .checked import as_checked, fill_in, left_out
from .contract import ContractError, load_contract, mapping, path_items
from .endpoints import Endpoint, EndpointCode, Endpoints
from .expressions import literal
from .models import ModelCode
from .schemas import Schemas, mark_responses
from .spelling import Spellings, take_spellings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .shapes import EnumClass, ModelClass

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# Lines of the generated client that would show a token in its repr, and what is put in their places.
SHOWING_TOKENS = {
    "    token: str\n": "    token: str = field(repr=False)\n",
    'alias="headers")\n': 'alias="headers", repr=False)\n',
}
# Rules by which generated modules are tidied up, named so that a change of ruff's defaults changes nothing here, and
# those that a module has to meet then: it is Python, and knows each name it uses.
TIDY = ("check", "--isolated", "--no-cache", "--quiet", "--fix-only", "--select", "I,F401,PIE790,UP")
FORMAT = ("format", "--isolated", "--no-cache", "--quiet")
SOUND = ("check", "--isolated", "--no-cache", "--quiet", "--output-format=concise", "--select", "E9,F63,F7,F82")
STYLE = ("--line-length", "120", "--target-version", "py311", ".")
# How each module begins.
MADE = "# Generated from "
# What a run has to have before it has an outcome.
OUTCOME = frozenset(("status", "run_started_at", "num_successes", "num_errors", "num_skipped"))
# The most files whose names a generated module shows; of more it shows their folder.
MOST_NAMED = 2
# Modules of ours that a package gets where one of its modules imports them.
OPTIONAL = ("int_enum", "parameters", "unions")


class GenerationError(Exception):
    """The contract could not be made into a package."""


@dataclass(frozen=True)
class Source:
    """The files that a package is made from.

    Attributes:
        spec: the contract.
        overlays: what is applied to it, in this order.
        dialects: the names of the contract without overlays and with them, where the package is to speak both.
    """

    spec: Path
    overlays: tuple[Path, ...] = ()
    dialects: tuple[str, str] | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """The contract and its overlays."""
        return (self.spec, *self.overlays)

    @property
    def header(self) -> str:
        """The first line of each module, which is the same wherever the project stands."""
        names = [
            (file.relative_to(ROOT) if file.is_relative_to(ROOT) else Path(file.name)).as_posix() for file in self.files
        ]
        if len(names) > MOST_NAMED:
            names = [names[0], *dict.fromkeys(name.rpartition("/")[0] + "/" for name in names[1:])]
        return f'{MADE}{" and ".join(names)} by "make generate"; do not edit.\n'


def make_package(source: Source, target: Path) -> list[str]:
    """Write the package that the contract makes to `target`, which must not exist yet, and return what is left out.

    Raises:
        ContractError: a file is no contract, or nothing can be made of a part of it.
        OverlayError: an overlay has an action without a reason or without effect.
        GenerationError: what was made is no package.
    """
    contract = load_contract(source.spec, source.overlays)
    refuse_other_documents(contract, source.spec)
    in_python = copy.deepcopy(contract)
    before = load_contract(source.spec)
    try:
        for each in (before, in_python):
            fill_in(each)
        spellings = take_spellings(in_python)
        former = take_spellings(before) if source.overlays else {}
        if source.dialects is not None:
            keep_open(before, in_python)
        schemas = Schemas(in_python)
        endpoints = Endpoints(in_python, schemas)
        added = additions(before, in_python)
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        reason = f"{type(error).__name__}: {error}".partition("\n")[0]
        raise ContractError(f"{source.spec.name} is not as OpenAPI has it: {reason}") from error
    mark_responses(schemas.models, endpoints.answered)
    stages = [str(each.get("info", {}).get("x-stage", "")) for each in (before, contract)]
    write_modules(schemas, endpoints.found, target)
    (target / "dialect.py").write_text(dialect_module(source, stages, (former, spellings), added), encoding="utf-8")
    for module in sorted(target.rglob("*.py")):
        module.write_text(source.header + module.read_text(encoding="utf-8"), encoding="utf-8")
    for name, document in bundles(source, contract).items():
        (target / name).write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (target / "py.typed").touch()
    return [*left_out(contract), *endpoints.warnings]


def bundles(source: Source, contract: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The contract as data, by the names of its files; where there are two dialects, that of each."""
    if source.dialects is None:
        return {"openapi.json": contract}
    return {"openapi.json": load_contract(source.spec), f"openapi.{source.dialects[1]}.json": contract}


def refuse_other_documents(contract: dict[str, Any], spec: Path) -> None:
    """Refuse what is no OpenAPI 3.

    Raises:
        ContractError: it is none; names the first place that is not as it should be.
    """
    if isinstance(contract.get("paths"), dict):
        # What paths refer to is checked as what stands there is.
        contract = {**contract, "paths": path_items(contract)}
    try:
        OpenAPI.model_validate({"paths": {}, **mapping(as_checked(contract))})
    except ValidationError as error:
        first = error.errors()[0]
        where = place_in(contract, first["loc"]) or "the document"
        says = f"{first['loc'][-1]!r} is missing" if first["type"] == "missing" else " ".join(first["msg"].split())
        raise ContractError(f"{spec.name} is no OpenAPI 3: {where}: {says}") from error
    except RecursionError as error:
        raise ContractError(f"{spec.name} is no OpenAPI 3: it is nested too deeply") from error


def place_in(contract: dict[str, Any], steps: Sequence[str | int]) -> str:
    """Return the place in the contract that steps lead to, among which some name no member of it."""
    node: Any = contract
    places = []
    for step in steps:
        if isinstance(node, dict) and step in node:
            node = node[str(step)]
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            node = node[step]
        else:
            continue
        places.append(str(step))
    return ".".join(places)


def write_modules(schemas: Schemas, endpoints: Sequence[Endpoint], target: Path) -> None:
    """Write the modules of a package.

    Raises:
        GenerationError: one of them is no Python.
    """
    environment = templates()
    run = schemas.models.get("TaskRun")
    has_run_outcome = run is not None and {each.name for each in run.properties} >= OUTCOME
    models = {
        model.module: environment.get_template("model.py.jinja").render(
            code=ModelCode(model, schemas), has_run_outcome=has_run_outcome
        )
        for model in schemas.models.values()
    }
    enums = {
        enum.module: environment.get_template("enum.py.jinja").render(enum=enum) for enum in schemas.enums.values()
    }
    made: list[ModelClass | EnumClass] = [*schemas.models.values(), *schemas.enums.values()]
    classes = sorted(made, key=lambda each: each.name.lower())
    files = {f"models/{name}.py": text for name, text in {**models, **enums}.items()}
    files["models/__init__.py"] = environment.get_template("models_init.py.jinja").render(classes=classes)
    files["api/__init__.py"] = environment.get_template("api_init.py.jinja").render()
    for endpoint in endpoints:
        files[f"api/{endpoint.tag}/__init__.py"] = environment.get_template("endpoint_init.py.jinja").render()
        files[f"api/{endpoint.tag}/{endpoint.name}.py"] = environment.get_template("endpoint_module.py.jinja").render(
            code=EndpointCode(endpoint, schemas)
        )
    for name in ("client", "errors", "types"):
        files[f"{name}.py"] = environment.get_template(f"{name}.py.jinja").render()
    files["operations.py"] = environment.get_template("operations.py.jinja").render(endpoints=endpoints)
    files["__init__.py"] = environment.get_template("package_init.py.jinja").render()
    for name, text in files.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_text(text, encoding="utf-8")
    tidy(target)
    hide_token(target / "client.py")
    copy_runtime(target, has_problem="Problem" in schemas.models, has_run_outcome=has_run_outcome)


@cache
def templates() -> Environment:
    """Return the templates: ours, and those of openapi-python-client for what we take as it is."""
    loader = ChoiceLoader([FileSystemLoader(HERE / "templates"), PackageLoader("openapi_python_client")])
    environment = Environment(loader=loader, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)  # noqa: S701  Python, no HTML
    environment.filters.update(TEMPLATE_FILTERS)
    environment.globals.update(literal=literal, config={"docstrings_on_attributes": False})
    return environment


def tidy(target: Path) -> None:
    """Sort and cut the imports of all modules, and format them.

    Raises:
        GenerationError: one of them is no Python, or uses a name that nothing defines.
    """
    for command in (TIDY, FORMAT, SOUND):
        finished = subprocess.run(
            [ruff.find_ruff_bin(), *command, *STYLE],
            cwd=target,
            capture_output=True,
            text=True,
            check=False,
            encoding="utf-8",
        )
        if finished.returncode != 0:
            found = (finished.stdout or finished.stderr).strip().partition("\n")[0]
            raise GenerationError(f"a module that was made of the contract is not sound: {found}")


def copy_runtime(target: Path, *, has_problem: bool, has_run_outcome: bool) -> None:
    """Copy the modules that stand in each package, and those that its own modules import."""
    text = "".join(module.read_text(encoding="utf-8") for module in sorted(target.rglob("*.py")))
    left_out = {"problem" if not has_problem else "plain_problem"}
    left_out |= set() if has_run_outcome else {"run_outcome"}
    for name in OPTIONAL:
        is_needed = f"..{name} import" in text or (name == "unions" and "..parameters import" in text)
        left_out |= set() if is_needed else {name}
    for module in sorted((HERE / "runtime").glob("*.py")):
        if module.stem not in left_out:
            shutil.copyfile(module, target / module.name.removeprefix("plain_"))


def dialect_module(
    source: Source, stages: Sequence[str], spellings: tuple[Spellings, Spellings], added: Additions
) -> str:
    """The module that holds the dialects of the contract.

    Args:
        source: what the package is made from.
        stages: the stage of the contract without overlays, and with them.
        spellings: how values are spelled without overlays, and with them.
        added: what is there with them alone.
    """
    dialects = [("", stages[1], "SPELLING", "{}")]
    if source.dialects is not None:
        former, newest = source.dialects
        dialects = [(former, stages[0], "FORMER_SPELLING", "ADDED"), (newest, stages[1], "SPELLING", "{}")]
    template = templates().get_template("dialect.py.jinja")
    return template.render(dialects=dialects, former=spellings[0], newest=spellings[1], added=added)


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
