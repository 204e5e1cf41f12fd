"""Faults with a chance: how many requests they hit, and which; the seed alone decides."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from axtasks.mock import Mock, MockRequest, chaos
from axtasks.mock.cli import serve as cli
from axtasks.mock.faults.chaos import EVERY_KIND
from axtasks.mock.faults.fault import Fault, FaultError, FaultKind, parse
from axtasks.mock.faults.registry import Faults
from click.testing import CliRunner

from tests.mock.support import AUTHORIZED, TASKS, Api

if TYPE_CHECKING:
    from tests.mock.doors import Door

REQUESTS = 4000


def struck(faults: Faults, requests: int = REQUESTS) -> list[str | None]:
    """Return the fault that hits each of some equal requests."""
    request = MockRequest("GET", TASKS, headers=AUTHORIZED)
    hits = (faults.next_for(request, "list_tasks") for _ in range(requests))
    return [None if hit is None else str(hit) for hit in hits]


@pytest.mark.parametrize(
    ("script", "least", "most"),
    [
        ("chance=0, reset", 0, 0),
        ("chance=0.2, reset", 0.17, 0.23),
        ("chance=0.2, every=2, reset", 0.08, 0.12),
        ("chance=0.5, after=2000, reset", 0.22, 0.28),
        ("chance=1, reset", 1, 1),
        ("chance=0.9, times=40, reset", 0.01, 0.01),
    ],
)
def test_the_share_of_hits_is_near_the_chance(script: str, least: float, most: float) -> None:
    """The share of requests that are hit is near the chance, and `times` limits it."""
    share = sum(hit is not None for hit in struck(Faults(script))) / REQUESTS

    assert least <= share <= most


def test_the_seed_decides() -> None:
    """The same seed hits the same requests, also after a reset; another seed hits others."""
    faults = Faults("chance=0.3, reset", seed=7)
    first = struck(faults, 100)
    faults.reset()

    assert struck(faults, 100) == first
    assert struck(Faults("chance=0.3, reset", seed=7), 100) == first
    assert struck(Faults("chance=0.3, reset", seed=8), 100) != first


def test_the_seed_of_the_mock(door: Door) -> None:
    """A mock passes its seed to its faults, and a reset repeats them."""

    def answers(mock: Mock) -> list[int]:
        return [Api(mock, door).get(TASKS).status for _ in range(50)]

    mock = Mock(faults="chance=0.5, status:503", seed=3)
    first = answers(mock)
    mock.start_over()

    assert answers(mock) == first
    assert answers(Mock(faults="chance=0.5, status:503", seed=3)) == first
    assert answers(Mock(faults="chance=0.5, status:503", seed=4)) != first


def test_the_text_of_a_chance() -> None:
    """The text of a fault has its chance, unless the chance is 1."""
    assert parse("reset chance=.25") == (Fault(kind=FaultKind.RESET, chance=0.25),)
    assert str(parse("reset chance=.25")[0]) == "chance=0.25, fault=reset"
    assert str(parse("reset chance=1")[0]) == "fault=reset"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("chance=often, reset", 'chance has to be a number from 0 to 1, such as 0.2, not "often"'),
        ("chance=-0.1, reset", 'not "-0.1"'),
        ("chance=1.5, reset", "chance has to be from 0 to 1, not 1.5"),
        ("chance=2, reset", 'not "2"'),
    ],
)
def test_impossible_chances(script: str, words: str) -> None:
    """A chance that is not between 0 and 1 is refused."""
    with pytest.raises(FaultError) as caught:
        parse(script)

    assert words in str(caught.value)


def test_chaos_strikes_evenly() -> None:
    """The rate of `chaos` is the share of requests that are hit, by each kind of fault about equally often."""
    hits = Counter(struck(Faults(chaos(0.4), seed=1)))
    unharmed = hits.pop(None)

    assert 0.38 < 1 - unharmed / REQUESTS < 0.42
    assert len(hits) == len(EVERY_KIND)
    assert max(hits.values()) < 2 * min(hits.values())


def test_chaos_has_every_kind() -> None:
    """`chaos` uses every kind of fault."""
    assert {fault.kind for script in EVERY_KIND for fault in parse(script)} == set(FaultKind)


def test_chaos_hits_all_or_none_at_its_limits() -> None:
    """With a rate of 1 every request is hit, with 0 none; the kinds can be chosen."""
    hits = Counter(struck(Faults(chaos(1, ("reset", "status:500", "empty"))), 300))

    assert len(hits) == 3
    assert None not in hits
    assert chaos(0) == ()


@pytest.mark.parametrize(("rate", "kinds"), [(-0.1, ("reset",)), (1.1, ("reset",)), (0.5, ("resets",))])
def test_impossible_chaos(rate: float, kinds: tuple[str, ...]) -> None:
    """A rate out of range and an unknown kind are refused."""
    with pytest.raises(FaultError):
        chaos(rate, kinds)


def test_impossible_option() -> None:
    """The command refuses a share over 1."""
    result = CliRunner().invoke(cli.group, ["serve", "--chaos", "1.5"])

    assert result.exit_code == 2
    assert "--chaos" in result.output
