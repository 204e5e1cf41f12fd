"""Tests of the requests of other contracts' packages: parameter styles, forms, and JSON media types."""

from __future__ import annotations

import importlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import httpx
import pytest

from tests.contract import trial
from tests.contract.rows import each

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    # A module of a package, by its name.
    Package = Callable[[str], Any]

pytestmark = pytest.mark.programs


def made(stem: str, folder: Path) -> Package:
    """Generate a package of a contract, and import its modules."""
    name = f"{stem.replace('-', '_')}_sending"
    trial.make_ours(trial.loaded(trial.OTHERS / f"{stem}.yaml"), name, folder)
    assert trial.is_imported(trial.OURS, name, folder)
    return lambda module: importlib.import_module(f"{trial.OURS}.{name}.{module}")


@pytest.fixture(scope="module")
def styles(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """Return the package with parameters of all styles."""
    return made("parameters-of-all-styles", tmp_path_factory.mktemp("styles"))


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """Return the package with forms."""
    return made("forms-of-all-fields", tmp_path_factory.mktemp("forms"))


@pytest.fixture(scope="module")
def json_names(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """Return the package with other JSON media types."""
    return made("json-by-other-names", tmp_path_factory.mktemp("names"))


def sent(package: Package, operation: str, **arguments: Any) -> httpx.Request:
    """Return the request of a function of a package."""
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"kind": "x", "name": "n"})

    with httpx.Client(transport=httpx.MockTransport(answer), base_url="http://h.example") as http:
        client = package("client").AuthenticatedClient("http://h.example", "k")
        client.set_httpx_client(http)
        package(f"api.default.{operation}").sync_detailed(client=client, **arguments)
    return seen[0]


def test_a_path_has_each_parameter_in_its_style(styles: Package) -> None:
    thing = styles("models").Thing(a=1, b="z")
    encode = styles("operations").operation("get_x").encode

    path = encode("x y", 5, ["a,b", "c"], thing, {"k": 1}, ["p", "q"], {"m": 1, "n": 2}).path

    assert path == "/x/.x%20y/;matrix=5/a%2Cb,c/a,1,b,z/%7B%22k%22%3A1%7D/;lists=p;lists=q/m=1,n=2"


@pytest.mark.parametrize("several", [("true", "false"), ["true", "false"]], ids=["a tuple", "a list"])
def test_several_values_may_be_a_tuple(several: Any, styles: Package) -> None:
    request = styles("operations").operation("get_y").encode(spaced=several, rows=several, things=several, seen={1})

    several_of_rows = [("rows", "true,false"), ("things", "true"), ("things", "false"), ("spaced", "true false")]
    assert [*request.query] == several_of_rows
    assert request.headers == (("Cookie", "seen=1"),)


def test_the_name_of_a_parameter_stays_in_its_part_of_the_path(styles: Package) -> None:
    assert styles("operations").operation("get_one").encode("x").path == "/y/;a%2F%C3%BC=x"


@each(
    [
        ("an object in one", ("flat", "Thing", (("flat", "a,1,b,z"),))),
        ("an object exploded", ("nested", {"k": {"a": 1}, "l": [1, 2]}, (("k", '{"a":1}'), ("l", "1"), ("l", "2")))),
        (
            "objects within objects",
            (
                "deep",
                {"a": {"b": True}, "l": [1, {"c": "d"}]},
                (("deep[a][b]", "true"), ("deep[l][0]", "1"), ("deep[l][1][c]", "d")),
            ),
        ),
        ("no object where one may be", ("created", 5, (("created", "5"),))),
        ("a list where an object may be", ("expand", ["a", "b"], (("expand[0]", "a"), ("expand[1]", "b")))),
        ("a text or an object: text", ("either", "x", (("either", "x"),))),
        ("a text or an object: object", ("either", "Thing", (("a", "1"), ("b", "z")))),
        ("anything", ("free", {"a": 1}, (("a", "1"),))),
        ("lists in a list", ("rows", [[1], [2, 3]], (("rows", "[1],[2,3]"),))),
        ("objects in a list", ("things", ["Thing"], (("things", '{"a":1,"b":"z"}'),))),
        ("values with spaces between", ("spaced", [True, False], (("spaced", "true false"),))),
    ]
)
def test_a_query_has_each_parameter_in_its_style(row: tuple[str, Any, tuple[Any, ...]], styles: Package) -> None:
    name, value, query = row
    thing = styles("models").Thing(a=1, b="z")
    given = thing if value == "Thing" else [thing] if value == ["Thing"] else value

    assert styles("operations").operation("get_y").encode(**{name: given}).query == query


def test_headers_and_cookies_have_objects_and_lists_in_one(styles: Package) -> None:
    thing = styles("models").Thing(a=1, b="z")

    request = styles("operations").operation("get_y").encode(x_object=thing, x_members={"m": 1, "n": 2}, seen=[1, 2])

    assert request.headers == (("X-Object", "a,1,b,z"), ("X-Members", "m=1,n=2"), ("Cookie", "seen=1%2C2"))


@each(
    [
        ("a list in one", ({"spaced": []}, (), ())),
        ("nulls in one", ({"spaced": [None]}, (), ())),
        ("a null among others", ({"rows": [[1], None]}, (("rows", "[1]"),), ())),
        ("a list of its own", ({"things": []}, (), ())),
        ("objects", ({"flat": {}, "nested": {"a": None}, "deep": {}}, (), ())),
        ("headers and cookies", ({"x_object": {}, "x_members": {}, "seen": []}, (), ())),
    ]
)
def test_what_is_empty_is_not_sent(row: tuple[dict[str, Any], Any, Any], styles: Package) -> None:
    given, query, headers = row

    request = styles("operations").operation("get_y").encode(**given)

    assert (request.query, request.headers) == (query, headers)


@each([("a text", 0), ("a number that is null", 1), ("a list", 2), ("an object", 3), ("members", 6)])
def test_what_is_empty_is_no_parameter_of_a_path(row: int, styles: Package) -> None:
    """A request for all things in place of one, or for the folder above it, would be sent otherwise."""
    given: list[Any] = ["x", 5, ["a"], styles("models").Thing(a=1), {"k": 1}, ["p"], {"m": 1}]
    given[row] = ["", None, [], styles("models").Thing(), {}, [], {"m": None}][row]

    with pytest.raises(ValueError, match="a parameter of the path is empty"):
        styles("operations").operation("get_x").encode(*given)


def test_a_form_has_lists_and_objects_as_its_encoding_says(forms: Package) -> None:
    models = forms("models")
    body = models.ChargeBody(
        amount=5,
        capture=True,
        at=datetime(2026, 2, 24, tzinfo=UTC),
        note=None,
        metadata={"k": "v"},
        expand=["a", "b"],
        joined=["x", "y"],
        rows=[1, 2],
        plain=models.Thing(a=1),
        things=[models.Thing(a=2), models.Thing(a=3)],
    )

    request = sent(forms, "charge", body=body)

    assert parse_qsl(request.content.decode(), keep_blank_values=True) == [
        *(("amount", "5"), ("capture", "true"), ("at", "2026-02-24T00:00:00.000Z"), ("note", "")),
        *(("metadata[k]", "v"), ("expand[0]", "a"), ("expand[1]", "b"), ("joined", "x,y"), ("rows", "[1,2]")),
        *(("plain", '{"a":1}'), ("things", '{"a":2}'), ("things", '{"a":3}')),
    ]


def test_a_file_may_be_bytes(forms: Package) -> None:
    content = sent(forms, "upload", body=forms("models").UploadBody(file=b"\xff\x00")).read()

    assert b"Content-Type: application/octet-stream\r\n\r\n\xff\x00\r\n" in content


def test_a_form_with_a_charset_is_a_form(forms: Package) -> None:
    request = sent(forms, "plain", body=forms("models").Thing(a=1))

    assert (request.headers["Content-Type"], request.content) == ("application/x-www-form-urlencoded", b"a=1")


def test_parts_of_a_form_are_files_json_or_text(forms: Package) -> None:
    models = forms("models")
    body = models.UploadBody(file="f", more=["g", "h"], thing=models.Thing(a=1), tags=["x", "y"], note=None)

    parts = sent(forms, "upload", body=body).read().decode().split("\r\n--")

    file = (
        'Content-Disposition: form-data; name="{0}"; filename="{0}"\r\nContent-Type: application/octet-stream\r\n\r\n'
    )
    text = 'Content-Disposition: form-data; name="{0}"\r\n\r\n'
    assert [part.partition("\r\n")[2] for part in parts[:-1]] == [
        *(file.format("file") + "f", file.format("more") + "g", file.format("more") + "h"),
        'Content-Disposition: form-data; name="thing"\r\nContent-Type: application/json\r\n\r\n{"a":1}',
        *(text.format("tags") + "x", text.format("tags") + "y", text.format("note")),
    ]


@each(
    [
        ("merge-patch+json", ("patch_pod", "application/merge-patch+json")),
        ("plain JSON before others", ("put_pod", "application/json")),
        ("any", ("post_pod", "application/json")),
    ]
)
def test_json_is_sent_by_the_name_that_the_contract_has_for_it(row: tuple[str, str], json_names: Package) -> None:
    operation, media_type = row
    pod = {"kind": "x"} if operation == "patch_pod" else json_names("models").Pod(kind="x")

    request = sent(json_names, operation, name="n", body=pod)

    assert request.headers.get_list("Content-Type") == [media_type]
    assert request.content == b'{"kind":"x"}'


def test_a_response_of_any_media_type_is_read_as_json_unless_it_is_text(json_names: Package) -> None:
    operation = json_names("operations").operation

    assert operation("patch_pod").decode(200, {}, b'{"kind":"x"}').kind == "x"
    assert operation("put_pod").decode(200, {}, b"plain text") is None


@pytest.mark.parametrize(("status", "content", "answer"), [(200, b"", None), (206, b"a;b", None), (201, b"7", 7)])
def test_a_status_counts_before_a_range_of_them(
    status: int, content: bytes, answer: int | None, json_names: Package
) -> None:
    assert json_names("operations").operation("get_pod").decode(status, {}, content) == answer


def test_fields_that_servers_write_need_not_be_sent(tmp_path: Path) -> None:
    package = made("fields-that-servers-write", tmp_path)
    models = package("models")

    user = sent(package, "add_user", body=models.User(name="n", secret="s"))
    key = sent(package, "put_key", body=models.Key(name="n"))

    assert (json.loads(user.content), json.loads(key.content)) == ({"name": "n", "secret": "s"}, {"name": "n"})
    assert package("operations").operation("add_user").decode(201, {}, b'{"id":"1","name":"n"}').id == "1"
    with pytest.raises(AttributeError, match=r"User\.id is missing"):
        _ = models.User(name="n", secret="s").id
