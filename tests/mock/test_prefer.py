"""What a request can ask to go wrong with itself, by its `Prefer` header."""

from __future__ import annotations

import pytest
from axtasks.mock import Mock, MockRequest, MockResponse

from tests.mock.support import AUTHORIZED, TASKS


def answer(mock: Mock, *preferences: str) -> MockResponse:
    """The answer to a list of tasks that is asked for with such preferences."""
    return mock.handle(MockRequest("GET", TASKS, "limit=1", (*AUTHORIZED, *(("Prefer", each) for each in preferences))))


@pytest.mark.parametrize(
    ("preference", "status", "retry_after", "delay", "applied"),
    [
        ("code=429", 429, None, 0, "code=429"),
        ("code=503, retry_after=7", 503, "7", 0, "code=503, retry_after=7"),
        ("delay=1.5", 200, None, 1.5, "delay=1.5"),
        ("code=429, delay=1.5", 429, None, 1.5, "code=429, delay=1.5"),
        ("DELAY = 250ms ,Code=404", 404, None, 0.25, "code=404, delay=250ms"),
        ('fault="delay:3s"', 200, None, 3, 'fault="delay:3s"'),
        ("fault=html-502", 502, None, 0, "fault=html-502"),
        ("code=500, code=400", 500, None, 0, "code=500"),
        ("respond-async, wait=10, code=500", 500, None, 0, "code=500"),
        ("code=429, retry_after=soon", 429, None, 0, "code=429"),
    ],
)
def test_preferences(preference: str, status: int, retry_after: str | None, delay: float, applied: str) -> None:
    """The answer is as asked for, and says which of the preferences it follows."""
    response = answer(Mock(), preference)

    assert (response.status, response.header("retry-after")) == (status, retry_after)
    assert response.delivery.delay_seconds == delay
    assert response.header("preference-applied") == applied


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
def test_other_preferences(preference: str) -> None:
    """What is not understood is passed over, and the answer does not claim otherwise."""
    response = answer(Mock(), preference)

    assert (response.status, response.header("preference-applied")) == (200, None)
    assert response.delivery.delay_seconds == 0


def test_several_headers() -> None:
    """Preferences may come in several headers."""
    response = answer(Mock(), "code=429", "delay=2")

    assert response.header("preference-applied") == "code=429, delay=2"


def test_the_armed_faults_wait() -> None:
    """A request that asks for something itself is not shown to the armed faults."""
    mock = Mock(faults="times=1, status:503")

    assert [answer(mock, *each).status for each in (["code=500"], [], [])] == [500, 503, 200]


def test_only_that_request() -> None:
    """The next request is answered as ever, and the control plane takes no wishes."""
    mock = Mock()

    assert [answer(mock, "code=500").status, answer(mock).status] == [500, 200]
    assert mock.handle(MockRequest("GET", "/__mock/world", headers=(("Prefer", "code=500"),))).status == 200
