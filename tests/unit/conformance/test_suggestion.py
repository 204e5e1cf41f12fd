"""Tests of suggested overlays: they make the contract fit the responses, and hold no secrets."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from axtasks.conformance import (
    OpenApiDocument,
    compare,
    load_contract,
    read_archive,
    read_server,
    suggest_overlay,
    summarize,
)
from axtasks.conformance.suggestion import infer_schema
from axtasks.mock import Mock
from axtasks.testing.clients import client_of

from spec.generator.overlays import apply_overlay
from tests.archives import archive_of, entry_of, in_body, in_task
from tests.dialects import DOCUMENTS
from tests.unit.conformance.plants import PLANTS, answered, asked, content

if TYPE_CHECKING:
    from axtasks.conformance import FindingSummary

    from tests.archives import Har

SIGNED_WITH, SESSION, PLAIN = "k3y-of-the-archive", "s3cr3t-of-a-header", "plain-and-secret"


def reported(har: Har, contract: Any = DOCUMENTS) -> tuple[list[FindingSummary], Har]:
    """Return the findings in an archive, and the overlay after which there are none."""
    traffic, document = read_archive(har), load_contract(contract)
    findings = compare(document, traffic.exchanges)
    overlay = suggest_overlay(document, findings, secrets=traffic.secrets)
    changed = copy.deepcopy(document.document)
    apply_overlay(changed, copy.deepcopy(overlay))
    assert compare(OpenApiDocument(contract, changed), traffic.exchanges) == []
    return summarize(findings, secrets=traffic.secrets), overlay


@pytest.mark.parametrize("name", PLANTS)
def test_the_contract_with_the_overlay_fits(contract: str, name: str) -> None:
    har = archive_of(contract)
    PLANTS[name].change(har)

    _, overlay = reported(har, contract)

    assert overlay["actions"]


@pytest.mark.both_contracts
def test_one_overlay_is_enough_for_all_differences_together(contract: str) -> None:
    har = archive_of(contract)
    for plant in PLANTS.values():
        again = archive_of(contract)
        plant.change(again)
        har["log"]["entries"] += again["log"]["entries"]

    found, _ = reported(har, contract)

    assert {each["kind"] for each in found} == {plant.kind for plant in PLANTS.values()}


@pytest.mark.both_contracts
@pytest.mark.parametrize(
    ("fault", "kinds"),
    [
        pytest.param("extra-field", {"unknown field"}, id="fields"),
        pytest.param("unknown-enum", {"unknown value", "unknown variant"}, id="values"),
        pytest.param("status:418 operation=list_spaces", {"undocumented status"}, id="a status"),
    ],
)
def test_the_contract_with_the_overlay_fits_a_server_that_went_on(
    contract: str, *, fault: str, kinds: set[str]
) -> None:
    mock = Mock(contract=contract)
    mock.faults.add(f"fault={fault}")
    with client_of(mock) as client:
        read_server(client)

    found, _ = reported(mock.journal.har(), contract)

    assert {each["kind"] for each in found} <= kinds
    assert found


def test_bodies_that_are_not_always_json_are_allowed_without_a_schema() -> None:
    har = archive_of(DOCUMENTS)
    for text in ("{}", ""):
        again = archive_of(DOCUMENTS)
        answered("/spaces", status=418, content=content(text))(again)
        har["log"]["entries"] += again["log"]["entries"]

    _, overlay = reported(har)

    [response] = [action["update"]["418"] for action in overlay["actions"]]
    assert response["content"] == {"application/json": {}}


def test_a_new_method_stands_at_the_documented_path() -> None:
    har = archive_of(DOCUMENTS)
    PLANTS["an unknown method"].change(har)

    _, overlay = reported(har)

    [path] = overlay["actions"][0]["update"]
    assert path == "/v2/spaces/{space_id}"


def test_each_action_has_its_reason() -> None:
    har = archive_of(DOCUMENTS)
    in_task(owner="ada")(har)

    _, overlay = reported(har)

    assert overlay["actions"] == [
        {
            "target": "$.components.schemas.Task",
            "description": "Answers of list_tasks have a field owner.",
            "update": {"properties": {"owner": {"type": "string", "description": "Seen in answers of list_tasks."}}},
        }
    ]


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"api_key": PLAIN}, id="a field whose name says so"),
        pytest.param({"note": f"it is {SIGNED_WITH}"}, id="the key that signed the request"),
        pytest.param({"type": SIGNED_WITH}, id="the key for a value"),
        pytest.param({SIGNED_WITH: 1}, id="the key for a field"),
        pytest.param({"type": SESSION}, id="what a header had"),
        pytest.param({"note": f"Bearer {PLAIN}"}, id="what looks like a token"),
        pytest.param({"type": f"sk-{PLAIN}"}, id="a value that looks like a key"),
        pytest.param({"owner": {"password": PLAIN}}, id="within an object"),
        pytest.param({"note": f"{'-' * 30}{SIGNED_WITH}"}, id="where the text is cut"),
    ],
)
def test_neither_the_summary_nor_the_overlay_has_secrets(fields: dict[str, Any]) -> None:
    har = archive_of(DOCUMENTS)
    in_task(**fields)(har)
    entry_of(har, "/tasks")["request"]["headers"] = [
        {"name": "X-Session-Token", "value": SESSION},
        {"name": "Authorization", "value": f"Bearer {SIGNED_WITH}"},
    ]

    shown = json.dumps(reported(har))

    assert not [secret for secret in (SESSION, PLAIN, SIGNED_WITH[:8]) if secret in shown]


def test_a_value_that_cannot_be_listed_removes_the_list_that_others_are_added_to() -> None:
    har = archive_of(DOCUMENTS)
    in_body("/tasks", lambda body: body["tasks"][0].update(type=f"sk-{PLAIN}"))(har)
    in_body("/tasks", lambda body: body["tasks"][1].update(type=3))(har)

    shown = json.dumps(reported(har))

    assert "that cannot be listed" in shown
    assert PLAIN not in shown


def test_a_path_with_a_secret_has_a_parameter_in_its_place() -> None:
    har = archive_of(DOCUMENTS)
    asked("GET", f"/v2/dreams/sk-{PLAIN}")(har)

    found, overlay = reported(har)

    assert [each["operation"] for each in found] == ["GET /v2/dreams/***"]
    assert [*overlay["actions"][0]["update"]] == ["/v2/dreams/{id}"]


def test_a_variant_that_cannot_be_named_is_allowed_without_its_name() -> None:
    har = archive_of(DOCUMENTS)
    PLANTS["a new variant"].change(har)
    text = json.dumps(har).replace("dream_up", f"sk-{PLAIN}")

    shown = json.dumps(reported(json.loads(text)))

    assert "that cannot be named" in shown
    assert PLAIN not in shown


@pytest.mark.one_contract
def test_a_value_nested_more_deeply_than_functions_can_call_themselves_is_left_open() -> None:
    schema = infer_schema([json.loads('{"a":' * 800 + "1" + "}" * 800)])

    assert json.dumps(schema).count('"a"') == 50
