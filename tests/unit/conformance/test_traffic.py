"""Tests of traffic: responses read from a server, and archives with secrets in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from axtasks.conformance import NotAnArchiveError, compare, load_contract, read_archive, read_server

from tests.archives import archive_of, entry_of
from tests.dialects import DOCUMENTS
from tests.unit.support import API_KEY, Recorder, client_over

if TYPE_CHECKING:
    from tests.unit.support import Stage


@pytest.mark.both_contracts
def test_a_server_is_only_read_by_all_operations_that_read(contract: Any, stage: Stage) -> None:
    with stage.client() as client:
        traffic = read_server(client)

    paths = load_contract(contract).document["paths"].values()
    assert {exchange.method for exchange in traffic.exchanges} == {"GET"}
    assert {each.operation for each in stage.mock.journal.exchanges()} == {
        item["get"]["operationId"] for item in paths if "get" in item
    }
    assert 15 < len(traffic.exchanges) < 48
    assert traffic.contract == contract
    assert compare(load_contract(contract), traffic.exchanges) == []


@pytest.mark.one_contract
def test_the_key_is_redacted_where_a_server_repeats_it() -> None:
    recorder = Recorder(lambda _: httpx.Response(200, text=f"not JSON, but {API_KEY}"))

    with client_over(recorder) as client:
        traffic = read_server(client)

    assert {exchange.content for exchange in traffic.exchanges} == {b"not JSON, but ***"}
    assert len(traffic.exchanges) == len(recorder.sent) == 6


@pytest.mark.parametrize(
    "document",
    [
        pytest.param([], id="a list"),
        pytest.param(None, id="null"),
        pytest.param({"log": 3}, id="no entries"),
        pytest.param({"log": {"entries": [{}]}}, id="an entry without a response"),
    ],
)
def test_any_other_document_is_refused(document: object) -> None:
    with pytest.raises(NotAnArchiveError, match="not an HTTP archive"):
        read_archive(document)


@pytest.mark.parametrize(
    ("name", "value", "secrets"),
    [
        pytest.param("Authorization", "Bearer s3cr3t", {"s3cr3t"}, id="a scheme"),
        pytest.param("X-Api-Key", "s3cr3t", {"s3cr3t"}, id="a key"),
        pytest.param("X-Api-Key", "\ud800s3cr3t", {"\ud800s3cr3t", "%ED%A0%80s3cr3t"}, id="half of a surrogate pair"),
        pytest.param("X-Api-Key", " ", set(), id="a blank"),
        pytest.param("X-Api-Key", "", set(), id="nothing"),
        pytest.param("cookie", "a=f1rst; b=s3c=nd;c=", {"f1rst", "s3c=nd", "s3c%3Dnd"}, id="cookies"),
        pytest.param("Cookie", 'a="f1rst"; s3cond; ', {"f1rst", "s3cond"}, id="odd cookies"),
        pytest.param("Cookie", " ; =", set(), id="no cookies"),
        pytest.param("Set-Cookie", "a=f1rst; Path=/; HttpOnly", {"f1rst"}, id="a cookie that is set"),
        pytest.param("set-cookie", "a=f1rst; Secure\nb=s3cond; Path=/", {"f1rst", "s3cond"}, id="two that are set"),
    ],
)
@pytest.mark.parametrize("side", ["request", "response"])
def test_secrets_are_found_in_headers(*, side: str, name: str, value: str, secrets: set[str]) -> None:
    har = archive_of(DOCUMENTS)
    entry = entry_of(har, "/tasks")
    har["log"]["entries"] = [entry]
    for each in ("request", "response"):
        entry[each]["headers"] = [{"name": name, "value": value}] if each == side else []
        entry[each]["cookies"] = [{"name": "blank", "value": " "}]

    assert read_archive(har).secrets == secrets


def test_secrets_are_found_in_cookies_and_in_the_query() -> None:
    har = archive_of(DOCUMENTS)
    entry = entry_of(har, "/tasks")
    har["log"]["entries"] = [entry]
    entry["request"].update(url="http://mock.invalid/v2/tasks?limit=2&access_token=t0ken", headers=[])
    entry["request"]["cookies"] = [{"name": "session", "value": "c00kie"}]

    assert read_archive(har).secrets == {"t0ken", "c00kie"}
