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
    """Methods, paths and names of the routes are those of the file, both ways."""
    described = {(method, path, name) for name, (method, path, _) in OPERATIONS.items()}

    assert {(known.method, known.path, known.name) for known in ROUTER.known} == described
    assert len(described) == len(ROUTER.known)


@pytest.mark.parametrize("name", OPERATIONS)
def test_path_parameters_are_described(name: str) -> None:
    """What stands in braces in a path is declared, and nothing else is said to stand in the path."""
    _, path, operation = OPERATIONS[name]
    declared = [control_contract.resolved(each) for each in operation.get("parameters", [])]

    in_path = {part.strip("{}") for part in path.split("/") if part.startswith("{")}
    assert {each["name"] for each in declared if each["in"] == "path"} == in_path


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_can_be_refused_and_those_with_a_body_for_its_size(name: str) -> None:
    """Each declares who may not use it and that its path has other methods; with a body, what is too large."""
    operation = OPERATIONS[name][2]

    assert {"403", "405"} <= set(operation["responses"])
    assert ("413" in operation["responses"]) is ("requestBody" in operation)


def test_the_file_is_served_with_each_type_of_resource(api: Api) -> None:
    """`/__mock/openapi.json` is the packaged file, but that it names each list of a world."""
    packaged, served = json.loads(PACKAGED.read_text(encoding="utf-8")), api.get("/__mock/openapi.json").json
    by_type = {name: served["components"]["schemas"].pop(name) for name in routes.BY_TYPE}
    for name in routes.BY_TYPE:
        del packaged["components"]["schemas"][name]

    assert served == packaged
    assert [{each.name for each in TYPES} - set(schema["properties"]) for schema in by_type.values()] == [set()] * 3


def test_the_contract_is_served_beside_it(api: Api) -> None:
    """`/__mock/contract.json` is the API's own document."""
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
    """Each filter that is declared is one, and no other is."""
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
    """A body over the limit is refused as such, not as what is left of it; worlds may be larger."""
    response = api.send_bytes(method, path, LARGE)
    world = api.send_bytes("PATCH", "/__mock/world", LARGE + b"{}")

    assert (response.status, b"1048576 bytes" in response.body) == (413, True)
    assert world.status == 200


FORMS = ["view", "file", "yaml", "schema"]


@pytest.mark.parametrize("format_", FORMS)
def test_each_form_of_the_world_is_described(api: Api, format_: str) -> None:
    """The file names the forms that there are, and each answer has one of their shapes."""
    (parameter,) = OPERATIONS["show_world"][2]["parameters"]

    assert parameter["schema"]["enum"] == FORMS
    assert api.get("/__mock/world", format=format_).status == 200
