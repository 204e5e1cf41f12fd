"""Tests of the vendor's contract, read from its package: each difference from ours has a decision and a reason."""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from spec.generator.package import ROOT
from spec.vendor import package
from spec.vendor.__main__ import contract_of, main
from spec.vendor.annotations import VendorError, schema_of
from spec.vendor.decisions import load_decisions
from spec.vendor.package import install_package, read_package
from spec.vendor.reduced import reduce_contract
from tests.contract.made_up_package import MODELS, make_package

if TYPE_CHECKING:
    from pathlib import Path

TEXT = {"type": "string"}
TEXTS = {"type": "array", "items": TEXT}
TIME = {"type": "string", "format": "date-time"}


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def body(name: str) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": ref(name)}}}


SCHEMAS = {
    "WidgetKind": {"type": "string", "enum": ["ROUND", "SQUARE"]},
    "Widget": {
        "type": "object",
        "properties": {
            "id": TEXT,
            "kind": ref("WidgetKind"),
            "made_at": {"type": ["string", "null"], "format": "date-time"},
            "Weight": {"type": "number"},
            "labels": {"type": "object", "additionalProperties": TEXT},
            "parts": {"type": "array", "items": TEXT, "minItems": 1, "maxItems": 9},
            "origin": {"type": "string", "enum": ["HERE", "THERE"]},
        },
        "required": ["Weight", "id", "made_at", "origin"],
    },
    "ListWidgetsResponse": {
        "type": "object",
        "properties": {"widgets": {"type": "array", "items": ref("Widget")}},
        "required": ["widgets"],
    },
    "Problem": {
        "type": "object",
        "properties": {"title": TEXT, "status": {"type": "integer"}},
        "required": ["status", "title"],
    },
    "RenameWidget": {
        "type": "object",
        "properties": {"name": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": '^[^"]*$'}},
        "required": ["name"],
        "additionalProperties": False,
    },
    "WeighWidget": {
        "type": "object",
        "properties": {
            "weight": {"type": "number", "minimum": 0, "maximum": 1},
            "notes": {},
            "holder": {"oneOf": [ref("WidgetKind"), {"type": "null"}]},
        },
    },
    "UpdateWidgetRequest": {"anyOf": [ref("RenameWidget"), ref("WeighWidget")]},
}
PATHS = {
    "/v2/widgets": {
        "get": {
            "parameters": [
                {"name": "name", "in": "query", "required": False, "schema": {"type": "string", "maxLength": 255}},
                {"name": "kind", "in": "query", "required": False, "schema": ref("WidgetKind")},
                {
                    "name": "limit",
                    "in": "query",
                    "required": False,
                    "schema": {"type": "integer", "minimum": 1, "maximum": 100},
                },
            ],
            "responses": {
                "200": {"description": "", **body("ListWidgetsResponse")},
                "401": {"description": "", **body("Problem")},
            },
        }
    },
    "/v2/widgets/{widget_id}": {
        "patch": {
            "parameters": [{"name": "widget_id", "in": "path", "required": True, "schema": TEXT}],
            "requestBody": {"required": False, **body("UpdateWidgetRequest")},
            "responses": {"200": {"description": "", **body("Widget")}, "204": {"description": ""}},
        }
    },
}


def contract() -> dict[str, Any]:
    """Return a hand-written contract of widgets, which covers the package and more."""
    document: dict[str, Any] = json.loads(json.dumps({"paths": PATHS, "components": {"schemas": SCHEMAS}}))
    document |= {"openapi": "3.1.0", "info": {"title": "Widgets", "version": "1"}}
    schemas = document["components"]["schemas"]
    schemas["Widget"]["description"] = "A widget."
    schemas["Widget"]["properties"]["id"] = {"type": "string", "format": "uuid", "example": "x", "default": "y"}
    schemas["Widget"]["properties"]["kind"] = {"allOf": [ref("WidgetKind")], "description": "Its kind."}
    schemas["Widget"]["properties"]["origin"] = {"enum": ["HERE", "THERE"], "type": "string", "x-ours": True}
    schemas["Widget"]["required"].reverse()
    schemas["Widget"]["additionalProperties"] = True
    schemas["Named"] = {"type": "object", "properties": schemas["RenameWidget"].pop("properties"), "required": ["name"]}
    schemas["RenameWidget"] |= {"allOf": [ref("Named"), {"if": {"required": ["name"]}, "then": {}}]}
    del schemas["RenameWidget"]["required"]
    item = document["paths"]["/v2/widgets/{widget_id}"]
    document["components"]["parameters"] = {"Id": item["patch"]["parameters"].pop()}
    item["parameters"] = [{"$ref": "#/components/parameters/Id"}]
    operation = document["paths"]["/v2/widgets"]["get"]
    operation |= {"operationId": "list_widgets", "summary": "Widgets", "tags": ["widgets"]}
    operation["parameters"].append({"name": "X-Trace", "in": "header", "schema": TEXT})
    return document


@pytest.fixture
def vendor(tmp_path: Path) -> Path:
    return make_package(tmp_path / "package")


def test_a_contract_is_read_out_of_the_code_of_a_package_that_is_not_run(vendor: Path) -> None:
    found = read_package(vendor)

    assert found["components"]["schemas"] == SCHEMAS
    assert found["paths"].pop("/v2/gadgets/{gadget_id}")["delete"]["responses"] == {"204": {"description": ""}}
    assert found["paths"] == PATHS


def test_of_our_contract_the_same_is_compared() -> None:
    reduced = reduce_contract(contract())

    assert reduced["components"]["schemas"].pop("Named")
    assert reduced["components"]["schemas"] == SCHEMAS
    assert reduced["paths"] == PATHS


@pytest.mark.parametrize(
    ("annotation", "schema"),
    [
        pytest.param("StrictBool", {"type": "boolean"}, id="boolean"),
        pytest.param("Optional[datetime]", TIME, id="time"),
        pytest.param("Dict[str, Any]", {"type": "object"}, id="object"),
        pytest.param("Dict[str, List[StrictStr]]", {"type": "object", "additionalProperties": TEXTS}, id="map"),
        pytest.param("Union[List[str], str]", {"oneOf": [TEXTS, TEXT]}, id="choice"),
        pytest.param(
            "Annotated[List[Annotated[int, Field(strict=True, gt=0)]], Field(min_length=0)]",
            {"type": "array", "items": {"type": "integer", "exclusiveMinimum": 0}},
            id="limits within limits",
        ),
    ],
)
def test_annotations_are_read(annotation: str, schema: dict[str, Any]) -> None:
    assert schema_of(ast.parse(annotation, mode="eval").body) == schema


@pytest.mark.parametrize(
    ("source", "told"),
    [
        pytest.param("class Widget(BaseModel):\n    id: Tuple[str, int]\n", "Widget: .* is not understood", id="new"),
        pytest.param("class Widget(BaseModel):\n    id: 3 + 4\n", "Widget: .* is not understood", id="no annotation"),
        pytest.param(
            "class Widget(BaseModel):\n    id: str\n    @validator(NAME)\n    def check(cls, value): ...\n",
            "Widget: malformed node",
            id="a decorator",
        ),
        pytest.param("class Widget(BaseModel:\n", "is no Python", id="no Python"),
    ],
)
def test_a_form_that_is_new_is_named(tmp_path: Path, source: str, told: str) -> None:
    folder = make_package(tmp_path, widget=source)

    with pytest.raises(VendorError, match=rf"widget\.py:? {told}"):
        read_package(folder)


def written(folder: Path, decisions: Any) -> list[str]:
    """Write the arguments of a comparison with our contract of widgets, with these decisions."""
    spec, table = folder / "widgets.yaml", folder / "decisions.yaml"
    spec.write_text(yaml.safe_dump(contract()), encoding="utf-8")
    table.write_text(yaml.safe_dump(decisions), encoding="utf-8")
    return ["--package", str(folder / "package"), "--spec", str(spec), "--decisions", str(table)]


def decided(*kinds: tuple[str, str], version: str = "2.0.0") -> dict[str, Any]:
    entries = [{"differences": pattern, "reason": reason} for pattern, reason in kinds]
    return {"documents": {"version": version, "decisions": entries}, "beta": {"version": "9.9", "decisions": []}}


OTHERS = (
    MODELS["widget"]
    .replace('    id: StrictStr = Field(description="The id")', "    id: Optional[StrictStr] = None")
    .replace("    labels:", "    colour: Optional[StrictStr] = None\n    labels:")
)


@pytest.mark.programs
def test_a_package_that_says_the_same_differs_in_nothing(vendor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(written(vendor.parent, decided())) == 0
    assert "0 differences of 0 kinds, 0 undecided" in capsys.readouterr().out


@pytest.mark.programs
def test_every_difference_is_classed_and_has_to_be_decided(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_package(tmp_path / "package", widget=OTHERS)
    reason = "No field of an answer is required there."
    arguments = written(tmp_path, decided((".*no longer required.*", reason), ("Gizmo: .*", "It was meant once.")))

    assert main(arguments) == 1

    shown = capsys.readouterr().out
    assert "2 differences of 2 kinds, 1 undecided" in shown
    assert f"{reason}\n\n- Widget: Properties are no longer required: `id` [breaking for readers]" in shown
    assert "- ! Widget.colour: was added [compatible for readers]" in shown
    assert "Decided, but not among the differences:\n\n- `Gizmo: .*`: It was meant once." in shown


@pytest.mark.programs
@pytest.mark.parametrize(
    ("extra", "code"),
    [
        pytest.param([], 0, id="all are decided, and all decisions are needed"),
        pytest.param([("Gizmo: .*", "It was meant once.")], 1, id="a decision too many"),
    ],
)
def test_a_decision_that_covers_nothing_fails(tmp_path: Path, extra: list[tuple[str, str]], code: int) -> None:
    make_package(tmp_path / "package", widget=OTHERS)
    arguments = written(tmp_path, decided(("Widget.*", "Meant."), *extra))

    assert main([*arguments, "--output", str(tmp_path / "new" / "report.md")]) == code
    assert "Meant." in (tmp_path / "new" / "report.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("decisions", "told"),
    [
        pytest.param(decided(("(", "x")), "form of decisions", id="no expression"),
        pytest.param(decided((".*", " ")), "form of decisions", id="no reason"),
        pytest.param({"documents": []}, "form of decisions", id="no version"),
        pytest.param({}, "nothing is decided for the contract of documents", id="nothing"),
        pytest.param(decided(version="next"), "no version that can be ordered", id="no number"),
    ],
)
def test_a_table_that_is_wrong_is_named(
    vendor: Path, capsys: pytest.CaptureFixture[str], decisions: Any, told: str
) -> None:
    assert main(written(vendor.parent, decisions)) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("version", "name"),
    [("8.9.1", "documents"), ("8.35.0", "documents"), ("8.35.1", "beta"), ("8.61.0", "beta"), ("10.0", "beta")],
)
def test_a_package_is_compared_with_the_contract_of_its_time(version: str, name: str) -> None:
    assert contract_of(version, load_decisions(ROOT / "spec" / "vendor-decisions.yaml")) == name


@pytest.mark.programs
def test_an_installed_package_is_read_again_and_a_failed_installer_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "STORE", tmp_path)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    make_package(tmp_path / "2.0.0")

    assert install_package("2.0.0") == tmp_path / "2.0.0"
    with pytest.raises(VendorError, match=r"arize==3.0.0 could not be installed"):
        install_package("3.0.0")
    assert [found.name for found in tmp_path.iterdir()] == ["2.0.0"]
