"""JSON that matches a schema becomes a model and the same JSON again."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import datetime
from typing import Any

import pytest
from axtasks_api import models
from axtasks_api.codec import DecodeError, MissingAttributeError, Model, OpenEnum, ResponseModel
from axtasks_api.types import UNSET
from hypothesis import given
from hypothesis import strategies as st

from tests.model.schema_data import (
    CLOSED,
    ENUMS,
    MODELS,
    OPEN,
    SCHEMAS,
    UNIONS,
    Json,
    as_the_model_writes_it,
    bodies,
    deterministic,
    left_out_is_null,
    null_is_left_out,
    words,
)

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def model_of(name: str) -> type[Any]:
    """Return the generated model of a schema."""
    found: type[Any] = getattr(models, name)
    return found


def test_every_schema_is_a_model_an_enum_or_a_choice_of_models() -> None:
    """So the tests below cover all of the contract."""
    assert sorted([*MODELS, *ENUMS, *UNIONS]) == sorted(SCHEMAS)
    for name in UNIONS:
        (variants,) = (SCHEMAS[name][key] for key in ("oneOf", "anyOf") if key in SCHEMAS[name])
        assert {variant["$ref"].rpartition("/")[2] for variant in variants} <= set(MODELS)


@pytest.mark.parametrize("name", MODELS)
def test_json_that_matches_a_schema_comes_back_unchanged(name: str) -> None:
    model = model_of(name)

    @deterministic(8)
    @given(bodies(name))
    def check(body: Json) -> None:
        before = copy.deepcopy(body)

        made = model.from_dict(body)
        again = made.to_dict()

        assert again == before == as_the_model_writes_it(name, before)
        assert body == before, "what was decoded is the caller's, and stays as it was"
        assert json.loads(made.to_json()) == again
        assert model.from_dict(again) == made
        assert copy.deepcopy(made) == made
        assert pickle.loads(pickle.dumps(made)).to_dict() == again
        assert_each_field_has_its_value(made, body)

    check()


def assert_each_field_has_its_value(made: Model, body: Json) -> None:
    absent = None if isinstance(made, ResponseModel) else UNSET
    for field in made.fields():
        value, original = getattr(made, field.name), body.get(field.json_name, absent)
        if original is absent or original is None or isinstance(original, bool | int | float):
            assert value == (field.constant or original)
        elif isinstance(original, str):
            assert value == original or isinstance(value, datetime)


SPELT_OTHERWISE = [
    name for name in MODELS if null_is_left_out(name) or any(map(words, SCHEMAS[name]["properties"].values()))
]


@pytest.mark.parametrize("name", SPELT_OTHERWISE)
def test_other_spellings_come_back_in_the_spelling_of_the_contract(name: str) -> None:
    """Enumeration values in upper case, and null for absent members."""
    model = model_of(name)
    worded = {key for key, member in SCHEMAS[name]["properties"].items() if words(member)}

    @deterministic(3)
    @given(bodies(name))
    def check(body: dict[str, Json]) -> None:
        spelt = dict.fromkeys(null_is_left_out(name)) | body
        spelt |= {key: body[key].upper() for key in worded & set(body)}

        assert model.from_dict(spelt).to_dict() == as_the_model_writes_it(name, spelt) == body

    check()


@pytest.mark.parametrize("name", OPEN)
def test_members_that_the_contract_does_not_know_are_kept(name: str) -> None:
    model = model_of(name)
    known = {field.json_name for field in model.fields()}
    unknown = st.dictionaries(st.text().filter(lambda key: key not in known), ANY_JSON, min_size=1, max_size=3)

    @deterministic(2)
    @given(bodies(name), unknown)
    def check(body: dict[str, Json], more: dict[str, Json]) -> None:
        made = model.from_dict({**body, **more})

        assert made.to_dict() == {**body, **more}
        assert {key: made.additional_properties[key] for key in more} == more

    check()


@pytest.mark.parametrize("name", CLOSED)
def test_a_request_with_a_member_that_the_contract_does_not_know_is_refused_by_its_name(name: str) -> None:
    model = model_of(name)
    known = {field.json_name for field in model.fields()}

    @deterministic(2)
    @given(bodies(name), st.text().filter(lambda key: key not in known), ANY_JSON)
    def check(body: dict[str, Json], key: str, value: Json) -> None:
        with pytest.raises(DecodeError) as caught:
            model.from_dict({**body, key: value})
        assert caught.value.path == key

    check()


@pytest.mark.parametrize("name", MODELS)
def test_without_a_required_member_the_error_names_it(name: str) -> None:
    """Except the discriminator of a union, which the model knows."""
    model = model_of(name)
    tags = {field.json_name for field in model.fields() if field.constant is not None}
    # A member that the beta makes nullable may be absent.
    may_be_null = {field.json_name for field in model.fields() if field.nullable}
    required = sorted(set(SCHEMAS[name].get("required", ())) - tags - left_out_is_null(name) - may_be_null)
    if issubclass(model, ResponseModel):
        _check_that_it_is_missed_when_it_is_read(name, model, required)
        return
    if not required:
        assert model.from_dict({}).to_dict() == {
            field.json_name: field.constant for field in model.fields() if field.constant
        }
        return

    @deterministic(2)
    @given(bodies(name), st.sampled_from(required))
    def check(body: dict[str, Json], missing: str) -> None:
        with pytest.raises(DecodeError, match="is required but missing") as caught:
            model.from_dict({key: value for key, value in body.items() if key != missing})
        assert caught.value.path == missing

    check()


def _check_that_it_is_missed_when_it_is_read(name: str, model: type[Any], required: list[str]) -> None:
    attributes = {field.json_name: field.name for field in model.fields()}

    @deterministic(2)
    @given(bodies(name))
    def check(body: dict[str, Json]) -> None:
        for missing in required:
            shorter = {key: value for key, value in body.items() if key != missing}
            received = model.from_dict(shorter)

            with pytest.raises(MissingAttributeError, match=rf"^{name}\.{attributes[missing]} is missing"):
                getattr(received, attributes[missing])
            assert as_the_model_writes_it(name, received.to_dict()) == as_the_model_writes_it(name, shorter)

    check()


@pytest.mark.parametrize("name", [name for name in OPEN if left_out_is_null(name)])
def test_a_required_member_that_may_be_null_reads_as_null_where_it_is_absent(name: str) -> None:
    model = model_of(name)

    @deterministic(2)
    @given(bodies(name))
    def check(body: dict[str, Json]) -> None:
        for missing in left_out_is_null(name):
            shorter = {key: value for key, value in body.items() if key != missing}

            received = model.from_dict(shorter)

            assert getattr(received, missing) is None
            assert received.to_dict() == shorter

    check()


@pytest.mark.parametrize("name", ENUMS)
def test_an_enum_has_the_words_of_its_schema_and_keeps_any_other(name: str) -> None:
    enum: type[OpenEnum] = getattr(models, name)
    # The beta has more values.
    words = [member.value for member in enum]

    @deterministic(20)
    @given(st.sampled_from(words) | st.text())
    def check(word: str) -> None:
        member = enum(word)

        assert member.value.casefold() == word.casefold()
        assert member.is_known == (word.casefold() in words)
        assert member.is_known or member.value == word
        assert pickle.loads(pickle.dumps(member)) == member

    assert words[: len(SCHEMAS[name]["enum"])] == SCHEMAS[name]["enum"]
    check()
