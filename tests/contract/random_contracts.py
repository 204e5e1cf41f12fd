"""Random contracts for the generator: each is generated and round-trips, or is refused in one line.

`python -m tests.contract.random_contracts --count 200 --seed 1` tries that many, and counts the results.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from spec.generator.contract import ContractError
from tests.contract import trial

if TYPE_CHECKING:
    from collections.abc import Sequence

MADE, REFUSED = "made", "refused"
SCHEMA_NAMES = (
    "Thing",
    "thing",
    "List",
    "Import",
    "Field",
    "Any",
    "datetime",
    "a-b",
    "aB",
    "Response",
    "None",
    "Cache",
)
FIELD_NAMES = (
    "id",
    "name",
    "class",
    "to_dict",
    "fields",
    "a-b",
    "a_b",
    "aB",
    "type",
    "cls",
    "@id",
    "with space",
    "1st",
)
BASE = "Base"
OK = {"200": {"description": ""}}
# Paths of which nothing can be made.
FAULTS: tuple[dict[str, Any], ...] = (
    {"/fault": {"get": {"responses": {"200": {"$ref": "#/components/responses/Missing"}}}}},
    {"/fault": {"get": {"operationId": "x", "responses": OK}, "put": {"operationId": "x", "responses": OK}}},
    {"/fault/{missing}": {"get": {"responses": OK}}},
    {"/fault": {"get": {"parameters": [{"name": "a", "in": "query", "content": {"text/xml": {}}}], "responses": OK}}},
)
NUMBERS = count()


def reference(name: str) -> dict[str, Any]:
    """Return a strategy for references to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def leaves(names: Sequence[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for schemas without others within them."""
    formats = st.sampled_from(("date-time", "date", "uuid", "binary", "uri"))
    words = st.lists(st.sampled_from(("a", "A", "b-c", "b_c", "", "1", "+", "None", "é")), min_size=1, unique=True)
    return st.one_of(
        st.sampled_from(("string", "integer", "number", "boolean")).map(lambda kind: {"type": kind}),
        formats.map(lambda name: {"type": "string", "format": name}),
        words.map(lambda values: {"type": "string", "enum": values}),
        st.just({"type": "integer", "enum": [0, 1, -1]}),
        st.sampled_from((["a", 1, None], [True], [1.5, 2.5], [None])).map(lambda values: {"enum": values}),
        st.sampled_from(("word", 7, True, 1.5, None)).map(lambda value: {"const": value}),
        st.sampled_from(names).map(reference),
        st.sampled_from(({}, {"type": "object"}, {"type": "object", "properties": {}}, {"type": ["string", "null"]})),
        st.just({"type": "object", "additionalProperties": False}),
        st.just({"type": "string", "nullable": True, "enum": ["x", "y"]}),
    )


def schemas(names: Sequence[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for schemas of any kind; those with a name refer to each other."""

    def within(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
        unions = st.lists(inner, min_size=1, max_size=3)
        return st.one_of(
            inner.map(lambda item: {"type": "array", "items": item}),
            inner.map(lambda item: {"type": "object", "additionalProperties": item}),
            unions.map(lambda members: {"oneOf": members}),
            unions.map(lambda members: {"anyOf": [*members, {"type": "null"}]}),
            objects(inner).map(lambda more: {"allOf": [reference(BASE), more]}),
            st.just({"allOf": [reference(BASE)], "description": "One of them."}),
            objects(inner),
        )

    return st.recursive(leaves(names), within, max_leaves=6)


@st.composite
def objects(draw: st.DrawFn, inner: st.SearchStrategy[dict[str, Any]]) -> dict[str, Any]:
    """Return a strategy for schemas of objects with properties."""
    properties = draw(st.dictionaries(st.sampled_from(FIELD_NAMES), inner, max_size=4))
    further: st.SearchStrategy[Any] = st.one_of(st.booleans(), inner)
    made: dict[str, Any] = {"type": "object", "properties": properties}
    has_required: bool = draw(st.booleans())
    if properties and has_required:
        made["required"] = draw(st.lists(st.sampled_from(sorted(properties)), unique=True))
    if draw(st.booleans()):
        made["additionalProperties"] = draw(further)
    return made


@st.composite
def contracts(draw: st.DrawFn) -> dict[str, Any]:
    """Return a strategy for contracts with a few schemas and operations, some with an error."""
    names = draw(st.lists(st.sampled_from(SCHEMA_NAMES), min_size=1, max_size=4, unique=True))
    any_schema = schemas(names)
    base = {"type": "object", "required": ["base"], "properties": {"base": draw(leaves([BASE]))}}
    components = {BASE: base, **{name: draw(st.one_of(objects(any_schema), any_schema)) for name in names}}
    if draw(st.booleans()):
        components |= draw(pets())
    paths: dict[str, Any] = {}
    for number in range(draw(st.integers(0, 3))):
        paths[f"/of/{number}/{{at}}"] = {draw(st.sampled_from(("get", "post"))): draw(operations(any_schema, number))}
    info = {"title": "Random", "version": "1"}
    # One in ten, which draws would not be: they look for rare values.
    chosen = crc32(repr((components, paths)).encode()) % (10 * len(FAULTS))
    fault = FAULTS[chosen] if chosen < len(FAULTS) else {}
    return {"openapi": "3.1.0", "info": info, "paths": {**paths, **fault}, "components": {"schemas": components}}


@st.composite
def pets(draw: st.DrawFn) -> dict[str, Any]:
    """Return the schemas of a union with a discriminator."""
    kinds: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
        ({"type": "string"}, {"type": "string", "enum": ["cat"]}, {"const": "cat"})
    )
    tags = [draw(kinds), draw(kinds)]
    tags[1] = {
        **tags[1],
        **({"enum": ["dog"]} if "enum" in tags[1] else {"const": "dog"} if "const" in tags[1] else {}),
    }
    discriminator: dict[str, Any] = {"propertyName": "kind"}
    if draw(st.booleans()) or any(len(tag) > 1 or "const" in tag for tag in tags):
        discriminator["mapping"] = {"cat": "#/components/schemas/Cat", "dog": "Dog"}
    made = {"type": "object", "required": ["kind"]}
    return {
        "Cat": {**made, "properties": {"kind": tags[0]}},
        "Dog": {**made, "properties": {"kind": tags[1], "next": reference("Pet")}},
        "Pet": {"oneOf": [reference("Cat"), reference("Dog")], "discriminator": discriminator},
    }


@st.composite
def operations(draw: st.DrawFn, inner: st.SearchStrategy[dict[str, Any]], number: int) -> dict[str, Any]:
    """Return a strategy for operations with parameters, bodies and responses of all kinds."""
    parameters: list[dict[str, Any]] = [{"name": "at", "in": "path", "required": True, "schema": {"type": "string"}}]
    for name in draw(st.lists(st.sampled_from(("operation", "client", "a-b", "a_b", "ids")), max_size=3, unique=True)):
        location = draw(st.sampled_from(("query", "header", "cookie")))
        schema = draw(inner)
        as_json = {"content": {"application/json": {"schema": schema}}}
        parameters.append({"name": name, "in": location, **(as_json if draw(st.booleans()) else {"schema": schema})})
    media_types = st.sampled_from(("application/json", "application/xml", "multipart/form-data", "image/png"))
    status = draw(st.sampled_from(("200", "2XX", "201", "default")))
    content = {draw(media_types): {"schema": draw(inner)} for _ in range(draw(st.integers(0, 2)))}
    operation: dict[str, Any] = {
        "parameters": parameters,
        "responses": {status: {"description": "", "content": content}},
    }
    if draw(st.booleans()):
        operation["requestBody"] = {"content": {draw(media_types): {"schema": draw(inner)}}}
    if draw(st.booleans()):
        operation["operationId"] = draw(st.sampled_from((*(f"get{each}-it.{number}" for each in range(9)), "import")))
    return operation


def tried(contract: dict[str, Any], folder: Path) -> str:
    """Generate a package and test it; return whether it was made or refused, and raise any other error."""
    name = f"random_{next(NUMBERS)}"
    extended = trial.reaching_all(contract)
    try:
        trial.make_ours(extended, name, folder)
    except ContractError as refusal:
        reason = str(refusal)
    else:
        reason = ""
    if reason:
        assert "\n" not in reason
        assert not (folder / trial.OURS / name).exists(), "something was written"
        return REFUSED
    trial.is_imported(trial.OURS, name, folder)
    spoiled = trial.ours_spoils(extended, name)
    assert not spoiled, spoiled[0]
    return MADE


def try_many(most: int, chosen: int, folder: Path) -> Counter[str]:
    """Count the contracts that were made, and those that were refused.

    Args:
        most: the number of contracts.
        chosen: the random seed.
        folder: the folder of the generated packages.
    """
    outcomes: Counter[str] = Counter()

    @seed(chosen)
    @settings(
        max_examples=most,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(contracts())
    def each(contract: dict[str, Any]) -> None:
        outcomes[tried(contract, folder)] += 1

    each()
    return outcomes


def main(arguments: Sequence[str]) -> int:
    """Try random contracts, and print the counts."""
    parser = argparse.ArgumentParser(prog="python -m tests.contract.random_contracts", description=__doc__)
    parser.add_argument("--count", type=int, default=200, help="how many (default: 200)")
    parser.add_argument("--seed", type=int, default=1, help="the seed of chance (default: 1)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        outcomes = try_many(options.count, options.seed, Path(folder))
    made, refused = outcomes[MADE], outcomes[REFUSED]
    print(f"{made + refused} contracts: {made} made and round-tripped, {refused} refused in one line")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
