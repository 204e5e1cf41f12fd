"""Small parts of the mock: ids, times, tables, copies and arguments."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from axtasks.mock import Mock, ids
from axtasks.mock.clock import Clock, read_date_time, timestamp
from axtasks.mock.default_world import default_world
from axtasks.mock.ids import IdKind
from axtasks.mock.keys import Key
from axtasks.mock.messages import MockResponse
from axtasks.mock.world.table import Table

MOMENT = datetime(2026, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("T25saW5lVGFzazo0NTpxUndY", IdKind.TASK),
        ("T25saW5lVGFzazoyNzYwMDppNi9l", IdKind.TASK),
        ("VGFzazoxMjM0NQ==", IdKind.TASK),
        ("VGFza1J1bjo5OTpxUndY", IdKind.TASK_RUN),
        ("TW9kZWw6MTIzOmFCY0Q=", IdKind.PROJECT),
        ("UHJvamVjdDoxMjM0NQ==", IdKind.PROJECT),
        ("RGF0YXNldDo1NjpxUndY", IdKind.DATASET),
        ("RGF0YXNldFZlcnNpb246MTphQmNE", IdKind.DATASET_VERSION),
        ("U3BhY2U6NDkzOkJaSkc=", IdKind.SPACE),
        ("RW50aXR5OjEyMzQ1", None),
    ],
)
def test_identifiers(text: str, kind: IdKind | None) -> None:
    """The ids in the documents are parsed, with the kind if their prefix is known."""
    parsed = ids.parse(text)

    assert parsed is not None
    assert parsed.kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        "task_abc123",
        "OpenAI eval",
        "Only",
        "T25saW5lVGFzazo0NTpxUndY\n",
        "TW9kZWw6MTIzOmFCY0Q",
        "TW9kZWw6MTIzOmFCY0R=",
        base64.b64encode(b"Task:").decode(),
        base64.b64encode(b"Task:x").decode(),
        base64.b64encode(b"task:1").decode(),
        base64.b64encode("Task:\u0661".encode()).decode(),
        base64.b64encode(b"\xff\xff:1").decode(),
        "é",
    ],
)
def test_not_identifiers(text: str) -> None:
    """A text that is not strict base64 of a type and a number is no id."""
    assert ids.parse(text) is None


def test_ids_are_encoded() -> None:
    """An id is encoded from its kind, number and suffix."""
    assert ids.encode(IdKind.TASK, 45, "qRwX") == "T25saW5lVGFzazo0NTpxUndY"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-10T00:00:00Z", MOMENT),
        ("2026-03-10T00:00:00.000000Z", MOMENT),
        ("2026-03-10T01:00:00+01:00", MOMENT),
        ("2026-03-09T19:00-0500", MOMENT),
        ("2026-03-10T00:00:00.9999999z", MOMENT + timedelta(milliseconds=999)),
        ("2026-03-10T00:00:00", None),
        ("2026-W11-2T00:00:00Z", None),
        ("2026-02-30T00:00:00Z", None),
        ("\u0662026-03-10T00:00:00Z", None),
        ("9999-12-31T23:59:59-23:59", None),
        ("0999-12-31T23:59:59Z", None),
    ],
)
def test_reading_times(text: str, moment: datetime | None) -> None:
    """A date and time with an offset is read to the millisecond; any other text is None."""
    assert read_date_time(text) == moment


def test_writing_times() -> None:
    """Times are written in UTC with milliseconds."""
    assert timestamp(MOMENT + timedelta(microseconds=1999)) == "2026-03-10T00:00:00.001Z"


def test_a_running_clock_can_be_reset() -> None:
    """A running clock that was advanced returns to about its start."""
    clock = Clock(MOMENT)
    clock.advance(3600)

    clock.reset()

    assert MOMENT <= clock.now() < MOMENT + timedelta(hours=1)


def test_a_table_is_ordered_by_time() -> None:
    """Items are listed newest first in any order of insertion, also after a removal."""
    table: Table[str] = Table()
    for name, hours in (("b", 2), ("a", 1), ("c", 3), ("b2", 2)):
        table.put(name, name.upper(), MOMENT + timedelta(hours=hours))

    assert table.all() == ["C", "B2", "B", "A"]
    positions = {thing: position for position, thing in table.newest_first()}
    assert table.remove("b2") == "B2"
    assert [thing for _, thing in table.newest_first(positions["B2"])] == ["B", "A"]
    assert (len(table), "b2" in table, table.get("b2")) == (3, False, None)


def test_an_id_can_be_in_a_table_once() -> None:
    """An id can be in a table once."""
    table: Table[str] = Table()
    table.put("a", "A", MOMENT)

    with pytest.raises(ValueError, match="there already"):
        table.put("a", "A", MOMENT)


def test_a_copy_of_a_world_shares_nothing() -> None:
    """A copy of a world shares no mutable object with it."""
    world = default_world()
    other = world.copy()
    task = other.tasks.all()[0]

    other.rename_task(task, "Renamed")
    other.remove_task(other.tasks.all()[-1])

    assert world.tasks.all()[0].name == "Nightly Summaries"
    assert len(world.tasks) == len(other.tasks) + 1


def test_responses_have_headers_of_any_case() -> None:
    """A header is found in any case; a missing one is None."""
    response = MockResponse(200, (("Content-Type", "text/plain"),))

    assert response.header("content-type") == "text/plain"
    assert response.header("date") is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"world": "nofile.yaml"}, "world has to be a World, such as load_world('nofile.yaml'), not 'nofile.yaml'"),
        ({"world": {"spaces": []}}, "world has to be a World, such as load_world(...) makes, not a dict"),
        (
            {"clock": "2026-03-10"},
            "clock has to be a Clock, such as Clock(datetime(2026, 3, 10, 15, tzinfo=UTC)), not '2",
        ),
        ({"clock": MOMENT}, "not datetime.datetime(2026"),
        ({"keys": ["hidden"]}, "keys has to be a list of keys, such as [axtasks.mock.keys.Key('...')], not of str"),
        ({"keys": "hidden"}, "not a str"),
        ({"keys": Key("hidden")}, "not a ApiKey"),
        ({"run_seconds": "2"}, "run_seconds has to be a number of seconds, such as 2 or 0.5, not '2'"),
        ({"run_seconds": True}, "not True"),
        ({"latency_seconds": "2"}, "latency_seconds has to be a number of seconds"),
        ({"lifecycle": 3}, "lifecycle has to be text such as 'reads:3', not 3"),
        ({"limit": 10}, "limit has to be text such as '10/s', not 10"),
    ],
    ids=str,
)
def test_arguments_of_a_wrong_type_are_refused(given: dict[str, Any], said: str) -> None:
    """An argument of a wrong type is refused by name when the mock is made; no key is shown."""
    with pytest.raises(TypeError) as caught:
        Mock(**given)

    assert said in str(caught.value)
    assert "hidden" not in str(caught.value)
