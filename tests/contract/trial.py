"""A trial of the generator on other contracts, beside the bare openapi-python-client.

Each generator makes a package, which is imported, type-checked, and has to round-trip made-up responses.
`python -m tests.contract.trial` shows the results, and exits with 1 where the bare generator does better.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from contextlib import redirect_stdout, suppress
from copy import deepcopy
from datetime import date, datetime
from enum import Enum
from io import StringIO
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx
from openapi_python_client import generate
from openapi_python_client.config import Config, ConfigFile, MetaType

from spec.generator.contract import load_contract, operations
from spec.generator.package import ROOT, Source, make_package
from tests.contract.made_up import EndlessError, MadeUp

if TYPE_CHECKING:
    from collections.abc import Iterator

OTHERS = Path(__file__).with_name("others")
CONTRACTS = sorted(OTHERS.glob("*.yaml"))
OURS, BARE = "made_by_ours", "made_by_bare"
ANSWERS_OF_EACH = 12
COMPONENTS = "#/components/schemas/"
BARE_KWARGS = re.compile(r'"method": "(\w+)",\s+"url": (?:"((?:[^"\\]|\\.)*)"|"((?:[^"\\]|\\.)*)"\.format)')


class Exchange(NamedTuple):
    """An operation with the schema of its response."""

    path: str
    method: str
    status: str
    schema: Any


def reaching_all(contract: dict[str, Any]) -> dict[str, Any]:
    """Return a contract extended by operations that return each unused schema."""
    extended = deepcopy(contract)
    reached: set[str] = set()
    waiting: list[Any] = [contract.get("paths", {}), contract.get("components", {}).get("pathItems", {})]
    waiting += [contract.get("components", {}).get(kind, {}) for kind in ("responses", "requestBodies", "parameters")]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            waiting += node.values()
            reference = node.get("$ref")
            if isinstance(reference, str) and reference.startswith(COMPONENTS) and reference not in reached:
                reached.add(reference)
                waiting.append(MadeUp(contract, Random(0)).at(reference))  # noqa: S311  no secrets
    for number, name in enumerate(contract.get("components", {}).get("schemas", {})):
        reference = COMPONENTS + name.replace("~", "~0").replace("/", "~1")
        if reference not in reached:
            content = {"application/json": {"schema": {"$ref": reference}}}
            answer = {"200": {"description": "One.", "content": content}}
            operation = {"operationId": f"getAny{number}", "responses": answer}
            extended.setdefault("paths", {})[f"/any/{number}"] = {"get": operation}
    return extended


def make_ours(contract: dict[str, Any], name: str, folder: Path) -> list[str]:
    """Generate a package with our generator; return the parts that it leaves out."""
    return make_package(Source(_written(contract, folder / f"{name}.json")), folder / OURS / name)


def make_bare(contract: dict[str, Any], name: str, folder: Path) -> bool:
    """Generate a package with the bare generator; return True if it covers the whole contract."""
    target = folder / BARE / name
    target.parent.mkdir(exist_ok=True)
    config = Config.from_sources(
        ConfigFile(post_hooks=[]),
        MetaType.NONE,
        _written(contract, folder / f"{name}.json"),
        file_encoding="utf-8",
        overwrite=True,
        output_path=target,
    )
    try:
        with redirect_stdout(StringIO()):
            return not generate(config=config)
    except Exception:  # noqa: BLE001  a tool of others may fail as it likes
        return False


def _written(contract: dict[str, Any], file: Path) -> Path:
    file.write_text(json.dumps(contract), encoding="utf-8")
    return file


def is_imported(maker: str, name: str, folder: Path) -> bool:
    """Return True if every module of a package can be imported."""
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        package = importlib.import_module(f"{maker}.{name}")
        for module in pkgutil.walk_packages(package.__path__, f"{maker}.{name}.", onerror=_fail):
            importlib.import_module(module.name)
    except Exception:
        if maker == OURS:
            raise
        return False
    return True


def _fail(name: str) -> None:
    raise ImportError(name)


def type_errors(folder: Path, packages: list[tuple[str, str]]) -> dict[tuple[str, str], list[str]]:
    """Return mypy's errors in importable packages; ours are checked as strictly as the project."""
    settings = folder / "mypy.ini"
    flags = "disallow_untyped_defs disallow_any_generics no_implicit_reexport warn_return_any strict_equality"
    strict = "".join(f"{flag} = True\n" for flag in [*flags.split(), "disallow_untyped_calls", "warn_unused_ignores"])
    text = f"[mypy]\nexplicit_package_bases = True\nnamespace_packages = True\n[mypy-{OURS}.*]\n{strict}"
    settings.write_text(text, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--config-file",
        str(settings),
        "--cache-dir",
        str(ROOT / ".mypy_cache/others"),
    ]
    made = [f"{maker}/{name}" for maker, name in packages]
    finished = subprocess.run([*command, *made], cwd=folder, capture_output=True, text=True, check=False)
    if finished.returncode not in {0, 1}:
        raise RuntimeError(finished.stdout + finished.stderr)
    found = defaultdict(list)
    for line in finished.stdout.splitlines():
        if match := re.match(r"(\w+)/(\w+)/.*: error: ", line):
            found[match[1], match[2]].append(line)
    return found


def exchanges(contract: dict[str, Any]) -> Iterator[Exchange]:
    """Yield each operation of a contract with a JSON response."""
    made_up = MadeUp(contract, Random(0))  # noqa: S311  no secrets
    resolved = {path: made_up.at(item["$ref"]) if "$ref" in item else item for path, item in contract["paths"].items()}
    for path, method, operation in operations({"paths": resolved}):
        for status, answer in operation.get("responses", {}).items():
            while "$ref" in answer:
                answer = made_up.at(answer["$ref"])  # noqa: PLW2901  followed to its end
            schema = answer.get("content", {}).get("application/json", {}).get("schema")
            is_success = status.startswith("2") or (status == "default" and len(operation["responses"]) == 1)
            # No answer to a HEAD has a body.
            if schema is not None and is_success and method != "head":
                yield Exchange(path, method.upper(), status.replace("XX", "99").replace("default", "200"), schema)


def answers(contract: dict[str, Any], seed: int = 1) -> Iterator[tuple[Exchange, Any]]:
    """Yield generated responses to each operation."""
    chance = Random(seed)  # noqa: S311  no secrets
    for exchange in exchanges(contract):
        # A schema that no value fits is answered with by nobody.
        with suppress(EndlessError):
            for _ in range(ANSWERS_OF_EACH):
                yield exchange, MadeUp(contract, chance).value(exchange.schema)


def ours_spoils(contract: dict[str, Any], name: str) -> list[str]:
    """Return the generated responses that our package does not round-trip."""
    package = f"{OURS}.{name}"
    module = importlib.import_module(f"{package}.operations")
    by_place = {(each.path, each.method): each for each in map(module.operation, module.IDS)}
    spoiled = []
    for exchange, answer in answers(contract):
        operation = by_place[exchange.path, exchange.method]
        decoded = operation.decode(int(exchange.status), {}, json.dumps(answer).encode())
        again = plain(decoded)
        if not is_same(again, answer):
            spoiled.append(f"{exchange.method} {exchange.path}: {answer!r} came out as {again!r}")
    return spoiled


def bare_spoils(contract: dict[str, Any], name: str, folder: Path) -> list[str]:
    """Return the generated responses that the bare package does not round-trip, or cannot read."""
    package = folder / BARE / name
    parsers, client = {}, None
    for file in (package / "api").glob("*/*.py"):
        if match := BARE_KWARGS.search(file.read_text(encoding="utf-8")):
            module = ".".join(file.with_suffix("").relative_to(folder).parts)
            parsers[json.loads(f'"{match[2] or match[3]}"'), match[1].upper()] = importlib.import_module(module)
            client = importlib.import_module(f"{BARE}.{name}.client").Client(base_url="http://h.example")
    spoiled = []
    for exchange, answer in answers(contract):
        response = httpx.Response(int(exchange.status), json=answer)
        try:
            parse = parsers[exchange.path, exchange.method]._parse_response
            again = plain(parse(client=client, response=response))
        except Exception as error:  # noqa: BLE001  code of others may fail as it likes
            spoiled.append(f"{exchange.method} {exchange.path}: {error!r}")
        else:
            if not is_same(again, answer):
                spoiled.append(f"{exchange.method} {exchange.path}: {answer!r} came out as {again!r}")
    return spoiled


def plain(value: Any) -> Any:
    """Return the JSON of a decoded value."""
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [plain(item) for item in value]
    return {key: plain(item) for key, item in value.items()} if isinstance(value, dict) else value


def is_same(first: Any, second: Any) -> bool:
    """Return True if two values are the same JSON, in which true is not 1."""
    return json.dumps(first, sort_keys=True, default=repr) == json.dumps(second, sort_keys=True)


def loaded(file: Path) -> dict[str, Any]:
    """Return one of the contracts, with operations for all of its schemas."""
    return reaching_all(load_contract(file))


STEPS = ("generated", "imported", "typed", "round-tripped")


def made_by_both(file: Path, folder: Path) -> dict[str, list[bool]]:
    """Return for both generators whether a contract is generated, imported, and round-tripped."""
    contract, name = loaded(file), file.stem.replace("-", "_")
    make_ours(contract, name, folder)
    rows = {OURS: [True, is_imported(OURS, name, folder), not ours_spoils(contract, name)]}
    is_whole = make_bare(contract, name, folder)
    is_there = (folder / BARE / name).is_dir() and is_imported(BARE, name, folder)
    return {**rows, BARE: [is_whole, is_there, is_there and not bare_spoils(contract, name, folder)]}


def main() -> int:
    """Show the results of both generators with each contract."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = {file.stem: made_by_both(file, folder) for file in CONTRACTS}
        packages = [
            (maker, stem.replace("-", "_")) for stem, rows in found.items() for maker, row in rows.items() if row[1]
        ]
        errors = type_errors(folder, packages)
    print("| contract |", " | ".join(f"{step}, bare" for step in STEPS), "|")
    print("| --- |", " | ".join("---" for _ in STEPS), "|")
    is_worse = False
    for stem, rows in found.items():
        for maker, row in rows.items():
            package = (maker, stem.replace("-", "_"))
            row.insert(2, row[1] and package not in errors)
        cells = [
            f"{'yes' if ours else 'NO'}, {'yes' if bare else 'no'}" for ours, bare in zip(*rows.values(), strict=True)
        ]
        print("|", " | ".join([stem, *cells]), "|")
        is_worse = is_worse or any(bare > ours for ours, bare in zip(*rows.values(), strict=True))
    return int(is_worse)


if __name__ == "__main__":
    sys.exit(main())
