"""Tests of packages from other contracts: generated, or refused before anything is written."""

from __future__ import annotations

import importlib
import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import yaml

from spec.generator import __main__ as generator
from spec.generator.__main__ import main
from spec.generator.package import ROOT
from tests.contract import random_contracts, trial
from tests.contract.rows import each

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.programs

THING = {"Thing": {"type": "object", "properties": {"name": {"type": "string"}}}}
FEW_CONTRACTS = 15
FORM = "application/x-www-form-urlencoded"


def test_the_front_page_counts_them() -> None:
    assert f"{len(trial.CONTRACTS)} kinds of OpenAPI contracts" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the generated packages."""
    return tmp_path_factory.mktemp("others")


def named(file: Path) -> str:
    """Return the package name of a contract."""
    return file.stem.replace("-", "_")


@pytest.mark.parametrize("file", trial.CONTRACTS, ids=lambda file: file.stem)
def test_a_package_is_made_that_can_be_imported_and_loses_nothing(file: Path, folder: Path) -> None:
    contract, name = trial.loaded(file), named(file)

    trial.make_ours(contract, name, folder)

    assert trial.is_imported(trial.OURS, name, folder)
    assert trial.ours_spoils(contract, name) == []


def test_the_packages_are_typed(tmp_path: Path) -> None:
    for file in trial.CONTRACTS:
        trial.make_ours(trial.loaded(file), named(file), tmp_path)

    assert trial.type_errors(tmp_path, [(trial.OURS, named(file)) for file in trial.CONTRACTS]) == {}


def test_random_contracts_are_made_or_refused(folder: Path) -> None:
    outcomes = random_contracts.try_many(FEW_CONTRACTS, 1, folder)

    assert outcomes[random_contracts.MADE] > FEW_CONTRACTS / 2
    assert outcomes.total() == FEW_CONTRACTS


def answering(schema: Any, **more: Any) -> dict[str, Any]:
    """Return a contract with one operation whose response has a schema."""
    content = {"application/json": {"schema": schema}}
    operation = {"operationId": "getX", "responses": {"200": {"description": "", "content": content}}, **more}
    return {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/x": {"get": operation}},
        "components": {"schemas": THING},
    }


def refused() -> Iterator[tuple[str, tuple[dict[str, Any], str]]]:
    """Yield contracts that are refused, each with its error."""
    reference = {"$ref": "#/components/schemas/Thing"}
    schemas: tuple[tuple[str, Any, str], ...] = (
        (
            "no such schema",
            {"$ref": "#/components/schemas/Thign"},
            "responses.200.content.application/json: $ref",
        ),
        ("another file", {"$ref": "other.yaml#/Thing"}, "leads out of the contract"),
        ("no such type", {"type": "objekt"}, "components.schemas"),
        ("a number among texts", {"type": "string", "enum": [200, 404]}, "no value is of type string: 200 is none"),
        (
            "a constant of another type",
            {"type": ["integer", "null"], "const": "1"},
            "no value is of type integer or null",
        ),
        ("no value", {"type": "array", "items": {"enum": []}}, "items.enum: List should have at least 1 item"),
        ("two types", {"allOf": [{"type": "string"}, {"type": "integer"}]}, "no value is both of type string and"),
        ("two unions", {"allOf": [{"oneOf": [{}, reference]}, {"anyOf": [{}, reference]}]}, "of two unions at once"),
    )
    for name, schema, says in schemas:
        yield name, (answering(schema), says if name != "no such type" else "")
    circle = answering({"$ref": "#/components/schemas/A"})
    circle["components"]["schemas"] = {"A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/A"}}
    yield "a circle", (circle, "refers to itself")
    own = answering({"$ref": "#/components/schemas/A"})
    own["components"]["schemas"] = {"A": {"allOf": [{"$ref": "#/components/schemas/A"}, {"type": "object"}]}}
    endless = answering({"$ref": "#/components/schemas/A"})
    more = {"type": "object", "properties": {"a": {"type": "object", "properties": {"b": {"type": "string"}}}}}
    inner = {"allOf": [{"$ref": "#/components/schemas/A"}, more]}
    endless["components"]["schemas"] = {"A": {"type": "object", "properties": {"a": inner}}}
    yield "a property without end", (endless, "stands within itself without end")
    yield "an allOf of itself", (own, "refers to itself")
    for name, parameters, says in (
        ("XML as a parameter", [{"name": "a", "in": "query", "content": {"text/xml": {}}}], "'a' is sent as text/xml"),
        ("no such place", [{"name": "a", "in": "body", "schema": {}}], ""),
        (
            "not in the path",
            [{"name": "a", "in": "path", "required": True, "schema": {}}],
            "{a} is not in the path",
        ),
        (
            "twice",
            [{"name": "a", "in": "query", "schema": {}}, {"name": "a", "in": "query", "schema": {"type": "integer"}}],
            "GET /x: 'a' in query stands twice",
        ),
        ("no such parameter", [{"$ref": "#/components/parameters/A"}], "GET /x: parameters[0]: $ref"),
    ):
        yield name, (answering(reference, parameters=parameters), says)
    yield (
        "an unknown status",
        (answering(reference, responses={"2000": {"description": ""}}), "2000 is no status"),
    )
    same = answering(reference)
    same["paths"]["/y"] = {"get": {**same["paths"]["/x"]["get"], "operationId": "get-x"}}
    yield "names alike", (same, "GET /x and GET /y are both called 'get_x' in Python")
    named = answering(reference)
    named["components"]["schemas"] = {**THING, "Colour": {"enum": ["r"], "x-python-values": [1]}}
    yield "names that are none", (named, "Colour has x-python-values that are no list of texts: [1]")
    lines = answering({"type": "object", "properties": {"line\nbreak": {"type": "objekt"}}})
    yield "a name of two lines", (lines, "properties.line break")
    yield "half a character", (answering({"type": "string", "description": "\ud83d"}), "their.yaml, line")
    template = answering(reference)
    template["paths"]["/y/{id}"] = {"put": {"responses": {}}}
    yield "a path alone", (template, "PUT /y/{id}: {id} is no parameter")
    styled = answering(reference, parameters=[{"name": "id", "in": "path", "style": "form", "schema": {}}])
    styled["paths"] = {"/x/{id}": styled["paths"]["/x"]}
    yield "a path of another style", (styled, "'id' of the path cannot be of style 'form'")
    yield "Swagger", ({"swagger": "2.0", "info": {}, "paths": {}}, "is no OpenAPI 3: ")
    yield "something else", ({"a": 1}, "is no OpenAPI 3: ")
    yield (
        "a broken schema",
        (answering({"type": "object", "properties": ["a"]}), "paths./x.get.responses"),
    )


def refused_paths() -> Iterator[tuple[str, tuple[dict[str, Any], str]]]:
    """The same for paths."""
    reference = {"$ref": "#/components/schemas/Thing"}
    queried = answering(reference)
    queried["paths"] = {"/?Action=List": queried["paths"]["/x"]}
    yield "a path with a query", (queried, "GET /?Action=List: a path has no query")
    fragment = answering(reference)
    fragment["paths"] = {"/#Action=List": fragment["paths"]["/x"]}
    yield "a path with a fragment", (fragment, "GET /#Action=List: a path has no query and no fragment")
    elsewhere = answering(reference)
    elsewhere["paths"]["/y"] = {"$ref": "paths/y.yaml", "get": {"responses": {}}}
    yield (
        "a path in another file",
        (elsewhere, "'paths/y.yaml' leads out of the contract: make one file"),
    )
    listed = answering(reference)
    listed["paths"]["/y"] = {"$ref": ["#/components/pathItems/Y"]}
    yield "a path whose reference is no text", (listed, "paths./y.$ref: Input should be a valid string")
    referred = answering(reference, parameters=[{"in": "query", "schema": {}}])
    referred["components"] = {"schemas": THING, "pathItems": {"X": referred["paths"]["/x"]}}
    referred["paths"] = {"/x": {"$ref": "#/components/pathItems/X"}}
    yield "a reference of a path to what is broken", (referred, "paths./x.get.parameters.0: 'name' is missing")


@each([*refused(), *refused_paths()])
def test_an_unsupported_contract_is_refused_in_one_line_and_nothing_is_written(
    row: tuple[dict[str, Any], str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    contract, says = row
    spec = tmp_path / "their.yaml"
    spec.write_text(yaml.safe_dump(contract), encoding="utf-8")

    assert main(["--spec", str(spec), "--out", str(tmp_path / "made"), "--package", "their_api"]) == 1

    error = capsys.readouterr().err
    assert says in error
    assert error.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["their.yaml"]


@each(
    [
        ("no name of Python", (["--package", "my-api"], "a package cannot be called 'my-api'")),
        ("a keyword", (["--package", "class"], "a package cannot be called 'class'")),
        ("a way elsewhere", (["--package", "../src"], "a package cannot be called '../src'")),
        ("something else is there", ([], "src has something else than a package made before")),
        ("a file is there", (["--package", "main"], "main is a file")),
    ]
)
def test_a_place_that_has_something_else_stays_as_it_is(
    row: tuple[list[str], str], tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    options, says = row
    out = tmp_path_factory.mktemp("places") / "src"
    out.mkdir()
    (out / "main").write_text("mine", encoding="utf-8")

    assert main(["--spec", str(trial.OTHERS / "no-models.yaml"), "--out", str(out), *options]) == 1

    error = capsys.readouterr().err
    assert says in error
    assert error.count("\n") == 1
    assert [path.name for path in out.parent.rglob("*")] == ["src", "main"]


@pytest.mark.parametrize("option", ["--spec", "--overlay"])
def test_a_package_of_the_project_is_not_replaced_by_another_where_no_place_is_named(
    option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generator, "GENERATED", tmp_path)
    monkeypatch.setattr(generator, "PACKAGES", {tmp_path / "axtasks_api": generator.DIALECTS[generator.BETA]})

    assert main([option, str(trial.OTHERS / "no-models.yaml")]) == 1

    assert "axtasks_api is made of the project's own contract: say with OUT=" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_package_made_before_is_replaced(tmp_path: Path) -> None:
    for name in ("only-a-map", "no-models"):
        assert main(["--spec", str(trial.OTHERS / f"{name}.yaml"), "--out", str(tmp_path / "their_api")]) == 0

    assert "no-models.yaml" in (tmp_path / "their_api" / "__init__.py").read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["their_api"]


def test_skipped_parts_are_warned_about(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = trial.OTHERS / "other-media-types.yaml"

    assert main(["--spec", str(spec), "--out", str(tmp_path / "their_api")]) == 0

    told = capsys.readouterr().err
    assert "warning: POST /pets takes application/xml, which is left out\n" in told
    assert "warning: DELETE /pets answers with application/json, which is left out\n" in told


def test_what_requests_may_need_and_lack_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schemes = {
        "token": {"type": "http", "scheme": "Bearer"},
        "login": {"type": "http", "scheme": "basic"},
        "key": {"type": "apiKey", "in": "query", "name": "key"},
        "sso": {"type": "openIdConnect", "openIdConnectUrl": "https://h.example/.well-known"},
    }
    contract = answering({"type": "string"}, servers=[{"url": "https://files.example"}])
    contract["components"]["securitySchemes"] = schemes
    spec = tmp_path / "their.yaml"
    spec.write_text(yaml.safe_dump(contract), encoding="utf-8")

    assert main(["--spec", str(spec), "--out", str(tmp_path / "their_api")]) == 0

    schemes_told, servers_told = capsys.readouterr().err.splitlines()
    assert schemes_told.endswith("a bearer token alone: key (apiKey in query), login (http basic)")
    assert servers_told == "warning: GET /x has servers of its own, which are left out"


def module_of(name: str, folder: Path, module: str) -> Any:
    """Return a module of the package of one of the contracts, generated if it is not there yet."""
    if not (folder / trial.OURS / name).exists():
        trial.make_ours(trial.loaded(trial.OTHERS / f"{name.replace('_', '-')}.yaml"), name, folder)
    assert trial.is_imported(trial.OURS, name, folder)
    return importlib.import_module(f"{trial.OURS}.{name}.{module}")


def decoded(name: str, folder: Path, operation: str, answer: Any) -> Any:
    """The answer to an operation of one of the contracts, as its package reads it."""
    found = module_of(name, folder, "operations").operation(operation)
    return found.decode(200, {}, json.dumps(answer).encode())


@pytest.mark.parametrize(
    ("kind", "known"),
    [("cat", "Cat"), ("kitten", "Cat"), ("dog", "Dog"), ("bird", "UnknownVariant"), (None, "UnknownVariant")],
)
def test_a_tag_decides_and_an_unknown_one_is_kept(kind: str | None, known: str, folder: Path) -> None:
    thing = decoded("discriminator_with_a_mapping", folder, "get_x", {"pet": {"kind": kind, "name": "n"}})

    assert type(thing.pet).__name__ == known
    assert thing.to_dict() == {"pet": {"kind": kind, "name": "n"}}


@each(
    [
        ("an integer", ("level", {"level": 1}, "Low")),
        ("an integer as a fraction", ("level", {"level": 2.0}, "High")),
        ("a fraction", ("ratio", {"version": 2.5}, "Double")),
        ("another fraction", ("ratio", {"version": 1.5}, "UnknownVariant")),
        ("false", ("outcome", {"ok": False, "x": "a"}, "Bad")),
        ("a number that is no false", ("outcome", {"ok": 0, "x": "a"}, "UnknownVariant")),
    ]
)
def test_a_tag_that_is_no_text_decides(row: tuple[str, dict[str, Any], str], folder: Path) -> None:
    name, answer, kind = row

    assert type(getattr(decoded("tags_of_numbers", folder, "get_x", {name: answer}), name)).__name__ == kind


@each(
    [
        ("a known one", ("source", {"form": "rhombus", "side": 1}, "Square")),
        ("an unknown one", ("source", {"form": "oval", "radius": 1}, "UnknownVariant")),
        ("a text", ("source", "oval", "str")),
        ("a known constant", ("event_or_more", {"what": "gone"}, "Gone")),
        ("an unknown constant", ("event_or_more", {"what": "moved", "by": "n"}, "UnknownVariant")),
        ("a number", ("event_or_more", 1, "int")),
    ]
)
def test_a_tag_decides_also_beside_what_is_no_model(row: tuple[str, object, str], folder: Path) -> None:
    name, answer, kind = row

    thing = decoded("tags_without_a_discriminator", folder, "get_x", {name: answer})

    assert type(getattr(thing, name)).__name__ == kind
    assert thing.to_dict() == {name: answer}


def test_an_unknown_tag_is_kept_in_an_array_of_a_union(folder: Path) -> None:
    thing = decoded("tags_without_a_discriminator", folder, "get_x", {"source": [{"form": "oval"}]})

    assert [type(each).__name__ for each in thing.source] == ["UnknownVariant"]


def test_an_unknown_tag_is_not_sent(folder: Path) -> None:
    sent = module_of("tags_without_a_discriminator", folder, "models").Sent

    with pytest.raises(ValueError, match="target: expected one of the variants that the contract has"):
        sent.from_dict({"target": {"form": "oval"}})


@pytest.mark.parametrize(("kind", "known"), [("round", "Circle"), ("Square", "Square"), ("Triangle", "UnknownVariant")])
def test_a_variant_that_builds_on_its_union_is_told_by_its_tag(kind: str, known: str, folder: Path) -> None:
    shape = decoded("variants_that_build_on_their_union", folder, "get_x", {"kind": kind, "name": "n", "radius": 1.5})

    assert type(shape).__name__ == known
    assert shape.to_dict() == {"kind": kind, "name": "n", "radius": 1.5}


def test_a_schema_that_stands_within_itself_is_decoded_at_each_depth(folder: Path) -> None:
    inner = {"x": 2, "y": 3}

    node = decoded("schemas_within_themselves", folder, "get_x", {"x": 1, "child": {"y": 1, "child": inner}})

    assert (type(node).__name__, node.child.y, node.child.child.y) == ("Node", 1, 3)
    assert type(node.child.child) is type(node.child)


def test_keywords_beside_a_reference_count_in_openapi_3_1(folder: Path) -> None:
    answer = {"any": 1, "more": {"at": "2026-02-24T10:00:00.000Z", "until": "2026-02-24"}, "fi": "a", "ﬁ": "b"}

    thing = decoded("more_schemas_of_3_1", folder, "get_x", answer)

    assert thing.more.until == date(2026, 2, 24)
    assert thing.to_dict() == answer


def test_a_nullable_enum_without_null_is_none(folder: Path) -> None:
    thing = decoded("nullable_of_3_0", folder, "get_x", {"status": None, "colour": None, "beside": None})

    assert (thing.status, thing.beside) == (None, None)


def fields(name: str, folder: Path, model: str) -> dict[str, tuple[str, bool]]:
    """The type of each field of a model of one of the contracts, and whether it is required."""
    found = getattr(module_of(name, folder, "models"), model)
    return {field.name: (field.type, field.required) for field in found.fields()}


def test_what_an_all_of_adds_to_a_reference_counts(folder: Path) -> None:
    uses = {name: type_ for name, (type_, _) in fields("all_of", folder, "Uses").items()}

    assert fields("all_of", folder, "Stricter")["state"] == ("str", True)
    assert fields("all_of", folder, uses["beside"])["count"] == ("float", True)
    assert (uses["same"], uses["rows"], uses["by_name"]) == ("Thing", "list[Base]", "dict[str, Base]")


def test_a_day_is_no_time_where_either_may_be(folder: Path) -> None:
    answers = ("2026-02-24", "2026-02-24T00:00:00.000Z")

    days = [decoded("inline_unions", folder, "get_x", {"day_or_time": each}).day_or_time for each in answers]

    assert [type(day).__name__ for day in days] == ["date", "datetime"]


def test_members_by_pattern_are_sent_of_an_object_that_has_no_others(folder: Path) -> None:
    new = module_of("what_is_sent_alone", folder, "models").New

    assert fields("what_is_sent_alone", folder, "New")["marks"] == ("NewMarks", False)
    sent = {"name": "n", "kind": {"kind": "cat"}, "marks": {"of": "a", "x-b": "c"}, "by_pattern": {"x-d": "e"}}
    assert new.from_dict(sent).to_dict() == sent


def test_what_servers_write_may_be_told_of_what_a_property_builds_on(folder: Path) -> None:
    found = fields("fields_that_servers_write", folder, "Token")

    assert {name: is_required for name, (_, is_required) in found.items()} == {"at": False, "id": False, "name": True}


@pytest.mark.parametrize(
    ("text", "kind"),
    [("2026-02-24T10:00:00Z", "Timestamp"), ("2026-02-24", "str"), ("20260224", "str"), ("2026-W09-2", "str")],
)
def test_a_text_is_a_time_beside_others_if_it_has_a_time(text: str, kind: str, folder: Path) -> None:
    assert type(decoded("inline_unions", folder, "get_x", {"time_or_text": text}).time_or_text).__name__ == kind


@each(
    [
        ("a number", ("value", {"of": 1}, "Number")),
        ("a text", ("value", {"of": "1"}, "Text")),
        ("texts", ("value", {"of": ["1"]}, "Texts")),
        ("true, which is no number", ("value", {"of": True}, "Flag")),
        ("null", ("value", {"of": None}, "Nothing")),
        ("a model within", ("within", {"inner": {"of": "1"}}, "OfText")),
        ("further members", ("by_name", {"id": 1, "a": 2}, "Counted")),
        ("a constant", ("word", {"word": 'it\'s "so" \\'}, "Yes")),
        ("a value of an enum", ("word", {"word": "never"}, "No")),
    ]
)
def test_models_of_a_union_are_told_apart_by_the_types_of_their_values(
    row: tuple[str, dict[str, Any], str], folder: Path
) -> None:
    name, answer, kind = row

    thing = decoded("models_that_differ_by_types", folder, "get_x", {name: answer})

    assert type(getattr(thing, name)).__name__ == kind
    assert thing.to_dict() == {name: answer}


def test_arrays_of_a_union_are_told_apart_by_their_models(folder: Path) -> None:
    thing = decoded("models_that_differ_by_types", folder, "get_x", {"rows": [{"of": "1"}]})

    assert [type(row).__name__ for row in thing.rows] == ["Text"]


@each([("of one enum", (["red", "green"], True)), ("of another", (["blue"], True)), ("of none", (["mauve"], False))])
def test_values_in_arrays_of_a_union_are_kept(row: tuple[list[str], bool], folder: Path) -> None:
    colours, is_known = row

    thing = decoded("models_that_differ_by_types", folder, "get_x", {"colours": colours})

    assert thing.to_dict() == {"colours": colours}
    assert [colour.is_known for colour in thing.colours] == [is_known] * len(colours)


@pytest.mark.parametrize(("text", "is_known"), [("blue", True), ("cyan", True), ("mauve", False)])
def test_a_value_of_any_of_several_enums_is_known(text: str, is_known: bool, folder: Path) -> None:
    thing = decoded("inline_unions", folder, "get_x", {"either_colour": text})

    assert (thing.either_colour, thing.either_colour.is_known) == (text, is_known)


def test_true_is_not_one_in_an_enum(folder: Path) -> None:
    assert fields("enums_of_odd_values", folder, "Thing")["flags"] == ("list[int | bool | str]", False)


def test_values_that_differ_by_case_are_told_apart(folder: Path) -> None:
    thing = decoded("enums_of_odd_values", folder, "get_x", {"unit": "Mm", "by_unit": {"a": "nothing known"}})

    assert (thing.unit.value, thing.unit.is_known) == ("Mm", True)
    assert thing.by_unit["a"] == "nothing known"
    assert not thing.by_unit["a"].is_known


def test_an_integer_that_an_enum_does_not_know_is_kept(folder: Path) -> None:
    thing = decoded("integer_enums", folder, "get_x", {"level": 7, "levels": [1, -1]})

    assert (thing.level, thing.level.is_known) == (7, False)
    assert [level.name for level in thing.levels] == ["VALUE_1", "VALUE_NEGATIVE_1"]
    assert thing.to_dict() == {"level": 7, "levels": [1, -1]}


def test_the_operations_beside_the_reference_of_a_path_are_made(folder: Path) -> None:
    ids = module_of("parameters_by_reference", folder, "operations").IDS

    assert ids == ("delete_thing", "get_thing", "put_thing")


def test_a_path_without_parameters_is_sent_as_it_is(folder: Path) -> None:
    operation = module_of("operations_of_any_name", folder, "operations").operation("get_brace")

    assert operation.encode().path == operation.path == "/with {one brace"


def test_each_part_of_an_operation_id_is_a_word(folder: Path) -> None:
    ids = module_of("operations_of_any_name", folder, "operations").IDS

    assert [each for each in ids if each.startswith("repos")] == ["repos_get_content", "repos_get_content_now"]


def test_the_answer_to_a_head_has_no_body(folder: Path) -> None:
    operation = module_of("statuses_and_answers", folder, "operations").operation("head_thing")

    assert operation.decode(200, {}, b"") is None


def test_names_are_cut_where_a_file_could_not_have_them(folder: Path) -> None:
    schema: dict[str, Any] = {"type": "string", "format": "date"}
    answer: Any = "2026-02-24"
    for number in range(9):
        name = f"property_of_a_rather_long_name_{number}"
        schema, answer = {"type": "object", "properties": {name: schema}}, {name: answer}
    trial.make_ours(answering(schema), "long_names", folder)

    assert decoded("long_names", folder, "get_x", answer).to_dict() == answer
    assert max(map(len, module_of("operations_of_any_name", folder, "operations").IDS)) == 200


def test_a_place_that_cannot_be_written_to_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / ("long" * 99)

    assert main(["--spec", str(trial.OTHERS / "no-models.yaml"), "--out", str(out)]) == 1

    error = capsys.readouterr().err
    assert "File name too long" in error
    assert error.count("\n") == 1


def test_parameters_go_where_the_contract_says(folder: Path) -> None:
    name = "parameters_of_all_places"
    trial.make_ours(trial.loaded(trial.OTHERS / "parameters-of-all-places.yaml"), f"{name}_sent", folder)
    assert trial.is_imported(trial.OURS, f"{name}_sent", folder)
    package = importlib.import_module(f"{trial.OURS}.{name}_sent.operations")
    models = importlib.import_module(f"{trial.OURS}.{name}_sent.models")

    request = package.operation("get_x").encode(
        7,
        date(2026, 2, 24),
        id_query=[1, 2],
        tags=["a", "b"],
        piped=["c", "d"],
        deep={"k": "v"},
        flat=models.Thing(a="x", b=1),
        since=datetime(2026, 2, 24, tzinfo=UTC),
        kind=models.GetXKind.A,
        x_trace="t",
        x_many=["1", "2"],
        session="s p",
    )

    assert request.path == "/x/7/2026-02-24"
    assert request.query == (
        *(("id", "1"), ("id", "2"), ("tags", "a,b"), ("piped", "c|d"), ("deep[k]", "v"), ("a", "x"), ("b", "1")),
        *(("since", "2026-02-24T00:00:00.000Z"), ("kind", "a")),
    )
    assert request.headers == (("X-Trace", "t"), ("X-Many", "1"), ("X-Many", "2"), ("Cookie", "session=s%20p"))


def test_forms_are_sent_as_forms(folder: Path) -> None:
    name, sent = "forms_sent", list[httpx.Request]()
    trial.make_ours(trial.loaded(trial.OTHERS / "forms.yaml"), name, folder)
    assert trial.is_imported(trial.OURS, name, folder)
    package = f"{trial.OURS}.{name}"
    models, api = (importlib.import_module(f"{package}.{module}") for module in ("models", "api.default.get_token"))
    upload = importlib.import_module(f"{package}.api.default.upload")

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json={"access_token": "t"})

    http = httpx.Client(transport=httpx.MockTransport(answer), base_url="http://h.example")
    with http:
        client = importlib.import_module(f"{package}.client").AuthenticatedClient("http://h.example", "k")
        client.set_httpx_client(http)
        token = api.sync(client=client, body=models.Grant(grant_type=models.GrantGrantType.CODE, scope="a b"))
        upload.sync(client=client, body=models.UploadBody(file="text", note="ü"))

    assert token.to_dict() == {"access_token": "t"}
    assert (sent[0].headers["Content-Type"], sent[0].content) == (FORM, b"grant_type=code&scope=a+b")
    assert sent[1].headers["Content-Type"].startswith("multipart/form-data; boundary=")
    assert b'name="note"\r\n\r\n\xc3\xbc\r\n' in sent[1].read()
