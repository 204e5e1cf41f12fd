"""The requests that armed faults hit, and three ways to arm faults: code, the admin API, the command."""

from __future__ import annotations

import http.client
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from axtasks.mock import Clock, Mock, MockRequest
from axtasks.mock import default_world as known
from axtasks.mock.cli import serve as cli
from axtasks.mock.faults.fault import Fault, FaultError, FaultKind
from axtasks.mock.faults.registry import Faults
from click.testing import CliRunner

from tests.mock.support import AUTHORIZED, NOW, TASKS, Api, Json, task_path

if TYPE_CHECKING:
    from tests.mock.doors import Door

pytestmark = pytest.mark.one_contract

RUN = "/v2/task-runs/VGFza1J1bjo5OTpxUndY"
FAULTS = "/__mock/faults"


def hits(script: str, requests: int) -> str:
    """Return an `x` for each of some equal requests that is hit, else a dot."""
    faults = Faults(script)
    request = MockRequest("GET", RUN)
    return "".join("." if faults.next_for(request, "get_task_run") is None else "x" for _ in range(requests))


@pytest.mark.parametrize(
    ("counting", "row"),
    [
        ("", "xxxxxxxxxx"),
        ("times=2", "xx........"),
        ("after=3", "...xxxxxxx"),
        ("after=3, times=2", "...xx....."),
        ("every=3", "..x..x..x."),
        ("every=3, times=2", "..x..x...."),
        ("after=2, every=3, times=2", "....x..x.."),
        ("after=10", ".........."),
    ],
    ids=lambda text: text or "always",
)
def test_counting(counting: str, row: str) -> None:
    """`after` skips requests, `every` hits each n-th, `times` limits the hits."""
    assert hits(f"{counting} fault=reset", 10) == row


def test_one_fault_after_the_other(door: Door) -> None:
    """A request that a fault hits is not counted by the faults after it."""
    mock = Mock(faults="times=1, status:503; times=1, status:500; after=1, times=1, status:502")
    api = Api(mock, door)

    assert [api.get(TASKS).status for _ in range(6)] == [503, 500, 200, 502, 200, 200]


SELECTIONS = {
    "operation=get_task": [False, True, False, False, False],
    "operation=create_task": [False, False, True, False, False],
    "method=GET": [True, True, False, True, True],
    "method=post": [False, False, True, False, False],
    "path=/v2/tasks": [True, False, True, False, False],
    "path=/v2/tasks*": [True, True, True, False, False],
    "path=/v2/tasks/*": [False, True, False, False, False],
    "path=*=": [False, False, False, True, False],
    "method=GET, path=/v2/tasks": [True, False, False, False, False],
    "operation=list_tasks, method=POST": [False, False, False, False, False],
    "": [True, True, True, True, True],
}


@pytest.mark.parametrize(("selection", "expected"), SELECTIONS.items(), ids=[each or "all" for each in SELECTIONS])
def test_selection(selection: str, expected: list[bool], door: Door) -> None:
    """Operation, method and path select requests; a path may be percent-encoded or not."""
    api = Api(Mock(clock=Clock(NOW, frozen=True), faults=f"{selection} fault=status:599"), door)
    requests = [
        ("GET", TASKS),
        ("GET", task_path(known.CHAT_QUALITY)),
        ("POST", TASKS),
        ("GET", "/v2/projects/TW9kZWw6MTIzOmFCY0Q%3D"),
        ("GET", "/v2/nothing"),
    ]

    assert [api.send(method, path).status == 599 for method, path in requests] == expected


def test_only_the_api_is_struck(door: Door) -> None:
    """Requests that are not below /v2 are neither hit nor counted."""
    mock = Mock(faults="fault=reset", limit="1/h", latency_seconds=3600)

    for path, status in (("/__mock/world", 200), ("/__mock/faults", 200), ("/nothing", 404), ("/v20", 404)):
        assert Api(mock, door).get(path).status == status, path
    assert mock.faults.list()[0].seen == 0


def test_faults_come_before_the_key(door: Door) -> None:
    """A fault hits a request without a key, too."""
    assert Api(Mock(faults="status:503"), door).send("GET", TASKS, headers=()).status == 503


@pytest.mark.one_door
def test_arming_by_code(mock: Mock) -> None:
    """Faults are added as text or as values, listed with their counts, and cleared."""
    added = mock.faults.add("times=1, reset; empty", Fault(kind=FaultKind.GARBAGE))
    mock.handle(MockRequest("GET", TASKS))

    assert [armed.number for armed in added] == [1, 2, 3]
    assert [(str(armed.fault), armed.seen, armed.hits, armed.is_spent) for armed in mock.faults.list()] == [
        ("times=1, fault=reset", 1, 1, True),
        ("fault=empty", 0, 0, False),
        ("fault=garbage", 0, 0, False),
    ]
    mock.faults.clear()
    assert mock.faults.list() == ()


def test_all_or_none(mock: Mock) -> None:
    """If one of several scripts is bad, none is armed."""
    with pytest.raises(FaultError):
        mock.faults.add("reset", "nonsense")

    assert mock.faults.list() == ()


def test_starting_over(door: Door) -> None:
    """A reset restores the faults of the start, uncounted, and no others."""
    mock = Mock(faults=["times=1, status:503"])
    api = Api(mock, door)
    assert [api.get(TASKS).status for _ in range(2)] == [503, 200]
    mock.faults.add("status:500")

    api.post("/__mock/reset")

    assert [api.get(TASKS).status for _ in range(2)] == [503, 200]


def test_arming_by_the_control_plane(api: Api) -> None:
    """POST arms, GET lists, DELETE clears."""
    added = api.post(FAULTS, {"script": "times=1, status:503 retry_after=2; operation=get_task, reset"})
    struck = api.get(TASKS)
    listed = api.get(FAULTS)
    cleared = api.delete(FAULTS)

    assert (added.status, [each["script"] for each in added.json["faults"]]) == (
        201,
        ["times=1, fault=status:503 retry_after=2", "operation=get_task, fault=reset"],
    )
    assert (struck.status, struck.header("retry-after")) == (503, "2")
    assert listed.json["faults"][0] == {
        "number": 1,
        "script": "times=1, fault=status:503 retry_after=2",
        "seen": 1,
        "hits": 1,
        "is_spent": True,
    }
    assert (cleared.status, api.get(FAULTS).json) == (204, {"faults": []})


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"script": "fault=rest"}, 'did you mean "reset"?'),
        ({"script": ""}, "there is no fault in the text"),
        ({"script": 1}, "has to be an object such as"),
        ({"script": "reset", "times": 2}, "has to be an object such as"),
        ({}, "has to be an object such as"),
        ([], "has to be an object such as"),
    ],
    ids=["unknown word", "no fault", "no text", "another key", "no script", "no object"],
)
def test_bad_requests_to_arm(api: Api, body: Json, words: str) -> None:
    """A request with a bad fault is a 400 that says why."""
    reply = api.post(FAULTS, body)

    assert (reply.status, words in reply.detail) == (400, True), reply.detail


@pytest.mark.parametrize(
    ("option", "words"),
    [
        (["--fault", "fault=rest"], 'did you mean "reset"?'),
        (["--limit", "fast"], 'such as "10/s"'),
        (["--latency", "-1"], "--latency"),
    ],
    ids=["fault", "limit", "latency"],
)
def test_unreadable_options(option: list[str], words: str) -> None:
    """A fault, limit or latency that cannot be read is a usage error before anything is served."""
    result = CliRunner().invoke(cli.group, ["serve", *option])

    assert (result.exit_code, words in result.output) == (2, True), result.output


@pytest.mark.programs
def test_serving_with_faults() -> None:
    """The command serves with the faults and the limit of its options."""
    arguments = ["--port", "0", "--fault", "times=1, status:503", "--fault", "times=1, status:502", "--limit", "1/h"]
    command = [sys.executable, "-c", "from axtasks.mock.cli.serve import group; group()", "serve", *arguments]
    with subprocess.Popen([*command, "--latency", "0.001"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        connection = http.client.HTTPConnection(process.stdout.readline().rpartition("//")[2].strip(), timeout=20)
        statuses: list[int] = []
        for _ in range(4):
            connection.request("GET", TASKS, headers=dict(AUTHORIZED))
            with connection.getresponse() as answer:
                answer.read()
                statuses.append(answer.status)
        connection.close()
        process.terminate()

    assert statuses == [503, 502, 200, 429]


@pytest.mark.one_door
def test_the_journal_has_the_fault(mock: Mock) -> None:
    """The journal has the fault that hit an exchange, in its own words."""
    mock.faults.add("times=1, status:503; times=1, reset")
    mock.limit = "1/h"
    for _ in range(4):
        mock.handle(MockRequest("GET", TASKS, headers=AUTHORIZED))

    assert [(exchange.status, exchange.fault) for exchange in mock.journal.exchanges()] == [
        (503, "times=1, fault=status:503"),
        (0, "times=1, fault=reset"),
        (200, None),
        (429, "limit=1/h"),
    ]


LATENCY = "/__mock/latency"


def test_latency_can_be_changed(door: Door) -> None:
    """The latency can be read and set while the mock runs; a reset restores the first one."""
    api = Api(Mock(latency_seconds=5), door)
    assert api.get(LATENCY).json == {"latency_seconds": 5}

    assert api.send("PUT", LATENCY, {"latency_seconds": 0.25}).json == {"latency_seconds": 0.25}

    assert api.mock.latency_seconds == 0.25
    api.post("/__mock/reset")
    assert api.mock.latency_seconds == 5


@pytest.mark.one_door
def test_latency_is_of_the_api_alone(mock: Mock) -> None:
    """Responses of the API are late by the latency, those of the admin API are not."""
    mock.latency_seconds = 0.25

    assert mock.handle(MockRequest("GET", TASKS)).delivery.delay_seconds == 0.25
    assert mock.handle(MockRequest("GET", LATENCY)).delivery.delay_seconds == 0


@pytest.mark.parametrize(
    "body",
    [{"latency_seconds": -1}, {"latency_seconds": 86_401}, {"latency_seconds": "1"}, {"latency_seconds": True}, {}, []],
    ids=str,
)
def test_latencies_that_are_refused(body: Json, door: Door) -> None:
    """A latency that is not a number of seconds within a day is refused, and changes nothing."""
    api = Api(Mock(latency_seconds=5), door)

    reply = api.send("PUT", LATENCY, body)

    assert (reply.status, "latency_seconds" in reply.detail) == (400, True)
    assert api.mock.latency_seconds == 5


def test_impossible_latency() -> None:
    """A negative latency is refused."""
    with pytest.raises(ValueError, match="latency_seconds"):
        Mock(latency_seconds=-1)
