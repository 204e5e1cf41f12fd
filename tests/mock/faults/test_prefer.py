"""What a request can ask to go wrong with itself, by its `Prefer` header."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axtasks.mock import Mock, MockRequest

from tests.mock.support import AUTHORIZED, TASKS, Api, Reply

if TYPE_CHECKING:
    from tests.mock.doors import Door

pytestmark = pytest.mark.one_contract


def answer(api: Api, *preferences: str) -> Reply:
    """The answer to a list of tasks that is asked for with such preferences."""
    preferring = tuple(("Prefer", each) for each in preferences)
    return api.send("GET", TASKS, query="limit=1", headers=(*AUTHORIZED, *preferring))


def lateness(mock: Mock, preference: str) -> float:
    """How many seconds late the answer is for one who prefers this."""
    return mock.handle(MockRequest("GET", TASKS, "", (*AUTHORIZED, ("Prefer", preference)))).delivery.delay_seconds


@pytest.mark.parametrize(
    ("preference", "status", "retry_after", "applied"),
    [
        ("code=429", 429, "1", "code=429"),
        ("code=503, retry_after=7", 503, "7", "code=503, retry_after=7"),
        ("delay=0.001", 200, None, "delay=0.001"),
        ("code=429, delay=0.001", 429, "1", "code=429, delay=0.001"),
        ("DELAY = 1ms ,Code=404", 404, None, "code=404, delay=1ms"),
        ('fault="delay:1ms"', 200, None, 'fault="delay:1ms"'),
        ("fault=html-502", 502, None, "fault=html-502"),
        ("code=500, code=400", 500, None, "code=500"),
        ("respond-async, wait=10, code=500", 500, None, "code=500"),
        ("code=429, retry_after=soon", 429, "1", "code=429"),
    ],
)
def test_preferences(api: Api, preference: str, status: int, retry_after: str | None, applied: str) -> None:
    """The answer is as asked for, and says which of the preferences it follows."""
    reply = answer(api, preference)

    assert (reply.status, reply.header("retry-after")) == (status, retry_after)
    assert reply.header("preference-applied") == applied


@pytest.mark.one_door
@pytest.mark.parametrize(
    ("preference", "seconds"),
    [
        ("delay=1.5", 1.5),
        ("code=429, delay=1.5", 1.5),
        ("DELAY = 250ms ,Code=404", 0.25),
        ('fault="delay:3s"', 3),
        ("delay=later", 0),
        ("delay=-1", 0),
    ],
)
def test_lateness(mock: Mock, preference: str, seconds: float) -> None:
    """The answer is as late as asked for."""
    assert lateness(mock, preference) == seconds


@pytest.mark.parametrize(
    "preference",
    [
        "",
        "code=200",
        "code=none",
        "code",
        "delay=later",
        "delay=-1",
        "fault=rest",
        "return=minimal",
        "retry_after=1",
        ",",
    ],
)
def test_other_preferences(api: Api, preference: str) -> None:
    """What is not understood is passed over, and the answer does not claim otherwise."""
    reply = answer(api, preference)

    assert (reply.status, reply.header("preference-applied")) == (200, None)


def test_several_headers(api: Api) -> None:
    """Preferences may come in several headers."""
    assert answer(api, "code=429", "delay=0.001").header("preference-applied") == "code=429, delay=0.001"


def test_the_armed_faults_wait(door: Door) -> None:
    """A request that asks for something itself is not shown to the armed faults."""
    api = Api(Mock(faults="times=1, status:503"), door)

    assert [answer(api, *each).status for each in (["code=500"], [], [])] == [500, 503, 200]


def test_only_that_request(api: Api) -> None:
    """The next request is answered as ever, and the admin API takes no wishes."""
    assert [answer(api, "code=500").status, answer(api).status] == [500, 200]
    assert api.send("GET", "/__mock/world", headers=(("Prefer", "code=500"),)).status == 200
