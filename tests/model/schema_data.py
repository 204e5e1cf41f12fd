"""Data for each schema of the contract, made by schemathesis, and what the models may change in it on the way."""

from __future__ import annotations

import copy
import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import schemathesis
from axtasks_api import models
from axtasks_api.codec import Model, OpenEnum
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypothesis.strategies import SearchStrategy
    from schemathesis.schemas import BaseSchema

    from tests.model.hooks import AnyCase

Json = Any
CONTRACT: dict[str, Any] = json.loads((resources.files("axtasks_api") / "openapi.json").read_text(encoding="utf-8"))
SCHEMAS: dict[str, Any] = CONTRACT["components"]["schemas"]
MODELS = [name for name in SCHEMAS if issubclass(getattr(models, name, object), Model)]
ENUMS = [name for name in SCHEMAS if issubclass(getattr(models, name, object), OpenEnum)]
UNIONS = [name for name in SCHEMAS if {"oneOf", "anyOf"} & set(SCHEMAS[name])]

# Requests are closed: a key that the contract does not know is a mistake. All else is open.
CLOSED = [name for name in MODELS if SCHEMAS[name].get("additionalProperties") is False]
OPEN = [name for name in MODELS if name not in CLOSED]
SAMPLES = 4


def deterministic(examples: int) -> settings:
    """The same examples on each run, so many at most, and none kept anywhere.

    Args:
        examples: how many.
    """
    # Making data for the larger schemas takes a while, which says nothing about what is tested.
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        # A hunt for planted bugs leaves out shrinking by its profile.
        phases=[each for each in (Phase.explicit, Phase.generate, Phase.shrink) if each in settings().phases],
        suppress_health_check=slow,
    )


def bodies(name: str) -> SearchStrategy[Json]:
    """JSON that fits a schema of the contract, as schemathesis makes it for the body of a request.

    Args:
        name: the schema.
    """
    return st.sampled_from(_samples(name)).map(copy.deepcopy)


@cache
def _samples(name: str) -> list[Json]:
    """A few bodies that fit a schema: to make one takes longer than most tests of it."""
    found: list[Json] = []

    @deterministic(SAMPLES)
    @given(_echoes()[f"/{name}"]["POST"].as_strategy())
    def collect(case: AnyCase) -> None:
        found.append(case.body)

    collect()
    return found


@cache
def _echoes() -> BaseSchema:
    """A contract with one operation per schema, which takes it as its body."""
    paths = {
        f"/{name}": {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}},
                },
                "responses": {"204": {"description": "taken"}},
            }
        }
        for name in SCHEMAS
    }
    document = {
        "openapi": CONTRACT["openapi"],
        "info": CONTRACT["info"],
        "paths": paths,
        "components": {"schemas": SCHEMAS},
    }
    # What is set for requests to a server has no place here.
    return schemathesis.openapi.from_dict(document, config=SchemathesisConfig())


def as_the_model_writes_it(name: str, body: dict[str, Json]) -> dict[str, Json]:
    """What the model of a schema gives back for JSON: the same, but for two things that stand for others.

    Null stands for left out, where a request has an optional member that cannot be null. And a word of the contract
    may be written in any case. All else comes back as it came: times as they were written, numbers, nulls that are
    values, members that nobody knows.

    Args:
        name: the schema.
        body: the JSON; within its members nothing is replaced.
    """
    members = SCHEMAS[name]["properties"]
    kept = {key: value for key, value in body.items() if value is not None or key not in null_is_left_out(name)}
    return {key: _in_its_case(words(members.get(key, {})), value) for key, value in kept.items()}


def null_is_left_out(name: str) -> set[str]:
    """The members of a schema that may as well be null as left out.

    Args:
        name: the schema.
    """
    if name not in CLOSED:
        return set()
    optional = set(SCHEMAS[name]["properties"]) - set(SCHEMAS[name].get("required", ()))
    return {key for key in optional if not _takes_null(SCHEMAS[name]["properties"][key])}


def left_out_is_null(name: str) -> set[str]:
    """The members of an answer that are null where they are left out, though the contract promises them.

    Args:
        name: the schema.
    """
    if name in CLOSED:
        return set()
    return {key for key in SCHEMAS[name].get("required", ()) if _takes_null(SCHEMAS[name]["properties"][key])}


def words(schema: Mapping[str, Any]) -> list[str]:
    """The words that a member can be, as the contract writes them; none where it is something else.

    Args:
        schema: what the contract says of the member.
    """
    target = SCHEMAS[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return [target["const"]] if "const" in target else list(target.get("enum", ()))


def _takes_null(schema: Mapping[str, Any]) -> bool:
    return jsonschema_rs.is_valid({**schema, "components": CONTRACT["components"]}, None)


def _in_its_case(known: list[str], value: Json) -> Json:
    return next((word for word in known if isinstance(value, str) and word.casefold() == value.casefold()), value)
