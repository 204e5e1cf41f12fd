"""Faults of every kind, by chance, so that a share of all requests goes wrong in one way or another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .fault import FaultError, parse

if TYPE_CHECKING:
    from collections.abc import Sequence

EVERY_KIND = (
    "status:500",
    "status:502",
    "status:503",
    "status:503 retry_after=1",
    "status:504",
    "status:408",
    "status:429",
    "status:429 retry_after=1",
    "html-502",
    "reset",
    "accept-then-drop",
    "delay:1s",
    "slow-drip:5ms",
    "truncate",
    "empty",
    "garbage",
    "unknown-enum",
    "extra-field",
    "duplicate-page",
)
"""The faults unless others are given."""
DIGITS = 6


def chaos(rate: float, kinds: Sequence[str] = EVERY_KIND) -> tuple[str, ...]:
    """Fault scripts that together strike this share of all requests, each of them as often as the others::

        Mock(faults=chaos(0.2), seed=7)

    The seed of the mock says which requests are struck, and how.

    Args:
        rate: the share, from 0 to 1.
        kinds: what may go wrong: scripts without a `chance`.

    Raises:
        FaultError: the rate is out of its range, or a script cannot be read.
    """
    if not 0 <= rate <= 1:
        raise FaultError(f"the rate of chaos has to be from 0 to 1, not {rate}")
    if rate == 0:
        return ()
    share = rate / max(1, len(kinds))
    # Each script only sees what those before it let pass, and has to strike the more of that.
    scripts = [f"chance={share / (1 - share * place):.{DIGITS}f}, {kind}" for place, kind in enumerate(kinds)]
    for script in scripts:
        parse(script)
    return tuple(scripts)
