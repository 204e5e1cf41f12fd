"""The admin API is what its OpenAPI file says, and both documents are served."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axtasks.mock.admin import routes
from axtasks.mock.admin.routes import FILE, ROUTER
from axtasks.mock.contract import contract
from axtasks.mock.world.resource_types import TYPES

from tests.mock import control_contract

if TYPE_CHECKING:
    from tests.mock.support import Api

pytestmark = pytest.mark.one_contract

PACKAGED = Path(routes.__file__).parent / FILE
OPERATIONS = control_contract.operations()


def test_every_route_is_described_and_every_description_leads_somewhere() -> None:
    """The methods, paths and names of the routes are exactly those of the file."""
    described = {(method, path, name) for name, (method, path, _) in OPERATIONS.items()}

    assert {(known.method, known.path, known.name) for known in ROUTER.known} == described
    assert len(described) == len(ROUTER.known)


@pytest.mark.parametrize("name", OPERATIONS)
def test_path_parameters_are_described(name: str) -> None:
    """The path parameters of an operation are exactly those in its path."""
    _, path, operation = OPERATIONS[name]
    declared = [control_contract.resolved(each) for each in operation.get("parameters", [])]

    in_path = {part.strip("{}") for part in path.split("/") if part.startswith("{")}
    assert {each["name"] for each in declared if each["in"] == "path"} == in_path


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_can_be_refused_and_those_with_a_body_for_its_size(name: str) -> None:
    """Each declares 403 and 405; those with a body also 413."""
    operation = OPERATIONS[name][2]

    assert {"403", "405"} <= set(operation["responses"])
    assert ("413" in operation["responses"]) is ("requestBody" in operation)


def test_the_file_is_served_with_each_type_of_resource(api: Api) -> None:
    """`/__mock/openapi.json` is the packaged file with a property for each type of resource added."""
    packaged, served = json.loads(PACKAGED.read_text(encoding="utf-8")), api.get("/__mock/openapi.json").json
    by_type = {name: served["components"]["schemas"].pop(name) for name in routes.BY_TYPE}
    for name in routes.BY_TYPE:
        del packaged["components"]["schemas"][name]

    assert served == packaged
    assert [{each.name for each in TYPES} - set(schema["properties"]) for schema in by_type.values()] == [set()] * 3


def test_the_contract_is_served_beside_it(api: Api) -> None:
    """`/__mock/contract.json` is the contract of the API."""
    assert api.get("/__mock/contract.json").json == contract.of(contract.DOCUMENTS).document


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("operation", "get_task"),
        ("method", "GET"),
        *((name, "1") for name in ("path", "status", "task", "run", "fault", "since")),
    ],
)
def test_filters_of_the_journal_are_described(api: Api, name: str, value: str) -> None:
    """The file declares exactly the filters that the journal takes."""
    parameters = [control_contract.resolved(each)["name"] for each in OPERATIONS["show_journal"][2]["parameters"]]

    assert name in parameters
    assert len(parameters) == 8
    assert api.get("/__mock/journal", **{name: value}).status == 200


LARGE = b" " * (1024 * 1024 + 1)
WITH_A_BODY = [
    (method, path.replace("{run_id}", "VGFza1J1bjo5OTpxUndY"))
    for method, path, operation in OPERATIONS.values()
    if "requestBody" in operation and path != "/__mock/world"
]


@pytest.mark.parametrize(("method", "path"), WITH_A_BODY)
def test_large_bodies(api: Api, method: str, path: str) -> None:
    """A body over the limit is a 413; a world may be larger."""
    response = api.send_bytes(method, path, LARGE)
    world = api.send_bytes("PATCH", "/__mock/world", LARGE + b"{}")

    assert (response.status, b"1048576 bytes" in response.body) == (413, True)
    assert world.status == 200


FORMS = ["view", "file", "yaml", "schema"]


@pytest.mark.parametrize("format_", FORMS)
def test_each_form_of_the_world_is_described(api: Api, format_: str) -> None:
    """The file declares the forms of the world that the mock serves."""
    (parameter,) = OPERATIONS["show_world"][2]["parameters"]

    assert parameter["schema"]["enum"] == FORMS
    assert api.get("/__mock/world", format=format_).status == 200
