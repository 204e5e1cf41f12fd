"""The clock over the admin API: advance, set, freeze and unfreeze."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from axtasks.mock import Clock, Mock
from axtasks.mock import default_world as known

from tests.mock.support import NOW, Api, Json

if TYPE_CHECKING:
    from tests.mock.doors import Door

pytestmark = pytest.mark.one_contract


def test_the_clock_can_be_read(api: Api) -> None:
    """The admin API returns the time and whether the clock is frozen."""
    assert api.get("/__mock/clock").json == {"now": "2026-03-10T15:00:00.000Z", "frozen": True}


@pytest.mark.parametrize(
    ("body", "now"),
    [
        ({"advance_seconds": 90.5}, "2026-03-10T15:01:30.500Z"),
        ({"set": "2026-03-11T00:00:00Z"}, "2026-03-11T00:00:00.000Z"),
        ({"set": "2026-03-10T16:00:00+01:00"}, "2026-03-10T15:00:00.000Z"),
        ({"frozen": True}, "2026-03-10T15:00:00.000Z"),
    ],
    ids=str,
)
def test_the_clock_can_be_advanced_and_set(api: Api, body: Json, now: str) -> None:
    """The clock advances by seconds or to a time, and everything due by then is done."""
    run = api.triggered(known.CHAT_QUALITY)

    reply = api.post("/__mock/clock", body)

    assert (reply.status, reply.json) == (200, {"now": now, "frozen": True})
    assert reply.header("date") == api.get("/v2/tasks").header("date")
    ended = now > "2026-03-10T15:00:02"
    assert (api.run(run["id"])["status"] == "completed") == ended


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"set": "2026-03-10T14:59:59.999Z"}, "set back"),
        ({"set": "9999-01-01T00:00:00Z"}, "beyond"),
        ({"set": "2026-03-10T15:00:00"}, "offset"),
        ({"set": "soon"}, "offset"),
        ({"set": 5}, "the body has to be"),
        ({"frozen": 1}, "the body has to be"),
        ({"advance_seconds": 1, "frozen": True}, "the body has to be"),
        ({"thaw": True}, "the body has to be"),
    ],
    ids=str,
)
def test_refused_moves(api: Api, body: Json, word: str) -> None:
    """The clock is not set back, beyond the calendar or to a text that is no time, and takes one command at a time."""
    reply = api.post("/__mock/clock", body)

    assert (reply.status, word in reply.detail) == (400, True), reply.detail
    assert api.get("/__mock/clock").json["now"] == "2026-03-10T15:00:00.000Z"


def test_a_frozen_clock_can_run_on(door: Door) -> None:
    """A running clock can be frozen and later runs on from where it stood."""
    api = Api(Mock(clock=Clock(NOW)), door)

    stopped = api.post("/__mock/clock", {"frozen": True}).json
    assert stopped["frozen"]
    assert api.get("/__mock/clock").json == stopped
    running = api.post("/__mock/clock", {"frozen": False}).json

    assert (running["frozen"], running["now"] >= stopped["now"]) == (False, True)


def test_freezing_twice_is_the_same_as_once() -> None:
    """Freezing or unfreezing twice is the same as once, and time set before freezing is kept."""
    clock = Clock(NOW)
    assert clock.set(NOW + timedelta(days=1)) >= NOW + timedelta(days=1)

    assert clock.freeze() == clock.freeze() == clock.now()
    assert clock.is_frozen
    assert clock.unfreeze() <= clock.unfreeze()
    assert not clock.is_frozen


def test_freezing_the_clock_is_one_step_for_other_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other threads that read the time while the clock is being frozen all see the same time."""
    seen: list[datetime] = []
    monkeypatch.setattr("axtasks.mock.clock.time.monotonic", lambda: 5.0)
    clock = Clock(NOW)
    monkeypatch.setattr("axtasks.mock.clock.time.monotonic", lambda: 8.0)

    class Watched(Clock):
        def __setattr__(self, name: str, value: object) -> None:
            super().__setattr__(name, value)
            seen.append(self.now())

    clock.__class__ = Watched
    clock.freeze()

    assert set(seen) == {NOW + timedelta(seconds=3)}


@pytest.mark.parametrize("year", [999, 9001])
def test_a_start_near_the_ends_of_the_calendar_is_refused(year: int) -> None:
    """Near the ends of the calendar a run could have no dates before or after it."""
    with pytest.raises(ValueError, match=r"starts between 1000-01-01T00:00:00\.000Z and 9000-01-01"):
        Clock(datetime(year, 6, 1, tzinfo=UTC))


def test_a_reset_restores_whether_the_clock_is_frozen() -> None:
    """A reset restores whether the clock is frozen."""
    frozen, running = Clock(NOW, frozen=True), Clock(NOW)
    frozen.unfreeze()
    running.freeze()

    frozen.reset()
    running.reset()

    assert (frozen.is_frozen, running.is_frozen, frozen.now()) == (True, False, NOW)


def test_setting_needs_a_zone() -> None:
    """A time without a zone is refused."""
    with pytest.raises(ValueError, match="time zone"):
        Clock(NOW).set(datetime(2030, 1, 1))  # noqa: DTZ001  # what is to be refused
    assert Clock(NOW, frozen=True).set(datetime(2030, 1, 1, tzinfo=UTC)) == datetime(2030, 1, 1, tzinfo=UTC)
