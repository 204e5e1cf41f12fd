"""The rate limit, by a clock that only moves when the test says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axtasks.mock import Clock, Mock
from axtasks.mock.faults.rate_limit import Bucket, Limit

from tests.mock.support import NOW, TASKS, Api, Json

if TYPE_CHECKING:
    from datetime import datetime

    from axtasks.mock.problems import RefusalError

    from tests.mock.doors import Door

pytestmark = pytest.mark.one_contract


def limited(limit: str, door: Door) -> tuple[Api, Clock]:
    """Return a client of a mock with a rate limit, and its clock."""
    clock = Clock(NOW, frozen=True)
    return Api(Mock(clock=clock, limit=limit), door), clock


@pytest.mark.parametrize(
    ("limit", "retry_after"),
    [("10/s", 1), ("1/s", 1), ("60/m", 1), ("10/m", 6), ("7/m", 9), ("3/h", 1200)],
)
def test_retry_after_is_right(limit: str, retry_after: int, door: Door) -> None:
    """As many requests as the limit says pass at once, the next one exactly after `Retry-After`."""
    api, clock = limited(limit, door)
    many = Limit.parse(limit).requests

    assert [api.get(TASKS).status for _ in range(many)] == [200] * many
    assert (api.get(TASKS).status, api.get(TASKS).header("retry-after")) == (429, str(retry_after))
    clock.advance(retry_after - 1)
    assert api.get(TASKS).status == 429
    clock.advance(1)
    assert api.get(TASKS).status == 200


def test_requests_come_back_bit_by_bit(door: Door) -> None:
    """Requests are regained continuously, and never more than the limit."""
    api, clock = limited("10/s", door)
    statuses = [api.get(TASKS).status for _ in range(11)]

    for seconds, expected in ((0.099, [429]), (0.001, [200, 429]), (0.25, [200, 200, 429]), (3600, [200] * 10 + [429])):
        clock.advance(seconds)
        assert [api.get(TASKS).status for _ in expected] == expected
    assert statuses == [200] * 10 + [429]


def test_the_refusal(door: Door) -> None:
    """A refused request gets Problem Details with the limit and `Retry-After`."""
    api, _ = limited("1/m", door)
    api.get(TASKS)

    reply = api.get(TASKS)

    assert reply.header("content-type") == "application/problem+json"
    assert reply.json == {
        "type": "https://arize.com/docs/ax/rest-reference/errors#rate-limit-exceeded",
        "title": "Rate limit exceeded",
        "status": 429,
        "detail": "more than 1 request per minute; try again in 60 seconds",
        "instance": "/v2/tasks",
    }


def test_a_refused_request_is_not_carried_out(door: Door) -> None:
    """A refused request changes nothing."""
    api, _ = limited("1/m", door)
    api.get(TASKS)
    before = api.get("/__mock/world").body

    assert api.delete("/v2/tasks/T25saW5lVGFzazo0NTpxUndY").status == 429
    assert api.get("/__mock/world").body == before


def test_prevented_requests_do_not_count(door: Door) -> None:
    """A request that a fault prevents does not count."""
    api, _ = limited("1/m", door)
    api.mock.faults.add("times=1, status:503")

    assert [api.get(TASKS).status for _ in range(3)] == [503, 200, 429]


def test_setting_the_limit(api: Api) -> None:
    """The limit can be set, read and removed while the mock runs; a reset restores the first one."""
    assert api.get("/__mock/limit").json == {"limit": None}
    reply = api.send("PUT", "/__mock/limit", {"limit": "1/s"})

    assert (reply.status, reply.json, api.mock.limit) == (200, {"limit": "1/s"}, "1/s")
    assert [api.get(TASKS).status for _ in range(2)] == [200, 429]
    api.send("PUT", "/__mock/limit", {"limit": None})
    assert api.get(TASKS).status == 200
    api.mock.limit = "2/s"
    api.post("/__mock/reset")
    assert api.mock.limit is None


def test_a_limit_that_is_lifted_meanwhile_still_counts(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request is refused by the limit that it met, though another thread removes it meanwhile."""
    api.mock.limit = "1/m"
    take = Bucket.take

    def lifted(bucket: Bucket, now: datetime) -> RefusalError | None:
        api.mock.limit = None
        return take(bucket, now)

    api.get(TASKS)
    monkeypatch.setattr(Bucket, "take", lifted)
    api.get(TASKS)

    assert [exchange.fault for exchange in api.mock.journal.exchanges()] == [None, "limit=1/m"]


@pytest.mark.parametrize(
    "body",
    [
        {"limit": "fast"},
        {"limit": "0/s"},
        {"limit": "10/d"},
        {"limit": 10},
        {"limit": "10/s", "burst": 5},
        {},
        [],
        None,
    ],
    ids=str,
)
def test_impossible_limits(api: Api, body: Json) -> None:
    """An invalid limit is refused, and the one in force stays."""
    reply = api.send("PUT", "/__mock/limit", body)

    assert (reply.status, '"10/s"' in reply.detail) == (400, True), reply.detail
    with pytest.raises(ValueError, match="10/s"):
        Mock(limit="10 per second")
