"""Tests of HTTP archives (HAR 1.2) from browsers and proxies: all API responses are compared, and nothing else."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from axtasks.conformance import NotAnArchiveError, UncomparedEntry, compare, load_contract, read_archive

from tests.archives import archive_of, entry_of, in_task
from tests.dialects import DOCUMENTS
from tests.unit.conformance.plants import answered
from tests.unit.conformance.recorders import PASSED_OVER, RECORDERS

if TYPE_CHECKING:
    from axtasks.conformance import Finding, Traffic

    from tests.archives import Har

PROBLEM = {"mimeType": "application/problem+json", "text": json.dumps({"title": "No key", "status": 401})}


def findings_of(traffic: Traffic) -> list[Finding]:
    return compare(load_contract(DOCUMENTS), traffic.exchanges)


def recorded_by(recorder: str, base_path: str = "", har: Har | None = None) -> Har:
    """Return the mock's archive as another program would have written it."""
    entries = (har or archive_of(DOCUMENTS))["log"]["entries"]
    return {"log": {"entries": [RECORDERS[recorder](entry, base_path) for entry in entries]}}


@pytest.mark.parametrize("recorder", RECORDERS)
class TestRecorders:
    def test_responses_of_the_mock_fit_the_contract(self, recorder: str) -> None:
        har = archive_of(DOCUMENTS)
        answered("/spaces", status=401, content=PROBLEM)(har)
        answered("/projects", status=204, content={"mimeType": "", "text": ""})(har)
        traffic = read_archive(recorded_by(recorder, har=har))

        assert [finding.operation for finding in findings_of(traffic)] == ["list_projects"]
        assert traffic.compared == len(har["log"]["entries"])
        assert traffic.uncompared == []

    def test_a_difference_is_found(self, recorder: str) -> None:
        har = archive_of(DOCUMENTS)
        in_task(owner="ada")(har)

        [found] = findings_of(read_archive(recorded_by(recorder, har=har)))

        assert found.path == "$.tasks[*].owner"

    def test_a_gateway_before_the_api_is_found(self, recorder: str) -> None:
        plain, through = recorded_by(recorder), recorded_by(recorder, "/arize/v2/eu")
        plain["log"]["entries"] += through["log"]["entries"]

        traffic = read_archive(plain)

        assert findings_of(traffic) == []
        assert (traffic.compared, traffic.base_paths) == (len(plain["log"]["entries"]), ("/arize/v2/eu",))

    @pytest.mark.parametrize("base_path", ["/gateway", "gateway/"])
    def test_only_exchanges_of_the_given_gateway_are_read(self, recorder: str, base_path: str) -> None:
        har = recorded_by(recorder, "/gateway")
        through = len(har["log"]["entries"])
        har["log"]["entries"] += (
            recorded_by(recorder, "/other")["log"]["entries"] + recorded_by(recorder)["log"]["entries"]
        )

        assert read_archive(har, base_path=base_path).compared == through
        assert read_archive(har, base_path="/").compared == through
        assert read_archive(har, base_path="/none").exchanges == []

    def test_an_operation_that_is_new_is_found_behind_the_gateway_of_the_others(self, recorder: str) -> None:
        har = recorded_by(recorder, "/gateway")
        har["log"]["entries"][0]["request"]["url"] = "https://gateway.invalid/gateway/v2/dreams"

        [found] = findings_of(read_archive(har))

        assert (found.kind, found.exchange.path) == ("undocumented operation", "/v2/dreams")


@pytest.mark.parametrize("name", PASSED_OVER)
def test_exchanges_outside_the_contract_are_skipped(name: str) -> None:
    har = archive_of(DOCUMENTS)
    entries = len(har["log"]["entries"])
    har["log"]["entries"].append(PASSED_OVER[name])

    traffic = read_archive(har)

    assert (traffic.compared, traffic.uncompared, findings_of(traffic)) == (entries, [], [])


@pytest.mark.parametrize(
    "content",
    [
        pytest.param({"size": 9, "mimeType": "application/json"}, id="left out"),
        pytest.param({"size": 0, "mimeType": "application/json", "text": None}, id="streamed through mitmproxy"),
        pytest.param({}, id="nothing known"),
        pytest.param(None, id="null"),
    ],
)
def test_a_body_that_was_not_recorded_is_not_compared(content: Har | None) -> None:
    har = archive_of(DOCUMENTS)
    entries = har["log"]["entries"]
    answered("/spaces", content=content)(har)
    number = entries.index(entry_of(har, "/spaces")) + 1

    traffic = read_archive(har)

    assert traffic.uncompared == [UncomparedEntry(number, "no body recorded")]
    assert (traffic.compared, findings_of(traffic)) == (len(entries) - 1, [])


@pytest.mark.parametrize(
    ("text", "body"),
    [
        pytest.param(base64.b64encode(b'{"a": "\xc3\xa4"}').decode(), b'{"a": "\xc3\xa4"}', id="base64"),
        pytest.param("eyJh\r\nIjog\r\nMX0=\r\n", b'{"a": 1}', id="base64 in lines"),
        pytest.param('{"a": 1}', b'{"a": 1}', id="plain text"),
        pytest.param("", b"", id="nothing"),
    ],
)
def test_base64_is_read_and_so_is_plain_text_that_is_labelled_so(text: str, body: bytes) -> None:
    har = archive_of(DOCUMENTS)
    answered("/spaces", content={"mimeType": "application/json", "text": text, "encoding": "base64"})(har)

    assert body in [exchange.content for exchange in read_archive(har).exchanges]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(lambda entry: entry["request"].pop("url"), "'url' is missing", id="no URL"),
        pytest.param(lambda entry: entry.pop("response"), "'response' is missing", id="no response"),
        pytest.param(lambda entry: entry.update(request=[]), "it has the wrong form (TypeError)", id="a list"),
        pytest.param(
            lambda entry: entry["response"].update(status="fine"), "it has the wrong form (ValueError)", id="no status"
        ),
        pytest.param(
            lambda entry: entry["response"].update(status=float("inf")),
            "it has the wrong form (OverflowError)",
            id="endless status",
        ),
        pytest.param(
            lambda entry: entry["response"].update(content={"text": 1}),
            "it has the wrong form (TypeError)",
            id="no text",
        ),
        pytest.param(
            lambda entry: entry["request"].update(url="http://[x/v2/tasks"),
            "it has the wrong form (ValueError)",
            id="IPv6",
        ),
    ],
)
def test_a_broken_entry_is_named_by_its_number_and_the_others_are_compared(change: Any, reason: str) -> None:
    har = archive_of(DOCUMENTS)
    entries = har["log"]["entries"]
    change(entries[2])

    traffic = read_archive(har)

    assert traffic.uncompared == [UncomparedEntry(3, f"broken: {reason}")]
    assert (traffic.compared, findings_of(traffic)) == (len(entries) - 1, [])


def test_where_all_entries_are_broken_it_is_no_archive() -> None:
    with pytest.raises(NotAnArchiveError, match="entry 1 is broken: 'request' is missing"):
        read_archive({"log": {"entries": [{}, {}]}})
