"""Readers of external text return a value or raise their own error, and take at most 100 ms for 10 kB."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.model.fuzz.targets import READERS, SEEDS

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.one_contract, pytest.mark.one_door]

MUTATIONS = 150
# Separated by blanks.
PIECES = rb"""[ { *a &a <<: " ' 1e999 -1 null $ ${ \ud800 nan inf {n} .. [?(@ 99999999999999999999999999""".split()
PIECES += [b"", b"\0", b"\xff", b"\n", b"&a "]


def mutated(seed: bytes, rng: Random) -> bytes:
    """Return a text with bytes changed, removed, doubled, or with difficult pieces inserted."""
    for _ in range(rng.randint(1, 4)):
        at, to = sorted(rng.choices(range(len(seed) + 1), k=2))
        seed = rng.choice(
            (
                seed[:at] + rng.choice(PIECES) + seed[at:],
                seed[:at] + rng.choice(PIECES) + seed[to:],
                seed[:to] + seed[at:],
                seed[:at] + bytes([rng.randrange(256)]) + seed[at + 1 :],
            )
        )
    return seed


def texts(name: str) -> Iterator[bytes]:
    rng = Random(name)  # noqa: S311  no secrets
    for seed in SEEDS[name]:
        yield seed
        yield from (mutated(seed, rng) for _ in range(MUTATIONS))


@pytest.mark.parametrize("name", READERS)
def test_a_reader_returns_a_value_or_raises_its_own_error(name: str) -> None:
    for text in texts(name):
        try:
            READERS[name](text)
        except Exception as error:
            raise AssertionError(f"{name} with {text!r}: {error!r}") from error


LARGE = {
    "response": [b"[" * 10_000, b'{"tasks": [' + b"{}," * 3_300 + b"{}]}", b'"' + b"\\u0061" * 1_600 + b'"'],
    "world": [
        b"[" * 10_000,
        b"a: " * 3_000,
        b"spaces:\n" + b"- {name: a}\n" * 800,
        b"- &a [*a]\n" * 1_000,
        b"#" * 10_000,
    ],
    "faults": [b"fault=" * 1_600, b";" * 10_000, b"times=1," * 1_200, b"," * 10_000, b"fault=status:503;" * 580],
    "overlay": [
        b'{"actions": [' + b'{"target": "$..*"},' * 500 + b"{}]}",
        b'{"actions": [{"target": "$' + b"[*]" * 3_000 + b'"}]}',
    ],
    "profile": [b"[a." + b"a." * 5_000 + b"a]", b"[auth]\napi_key = '" + b"${A" * 3_000 + b"'", b"a=1\n" * 2_500],
}


@pytest.mark.parametrize("name", LARGE)
def test_a_reader_ends_for_ten_kilobytes(name: str) -> None:
    """`make fuzz-readers` holds it to 100 ms."""
    for text in LARGE[name]:
        READERS[name](text)


FOUND = {
    "overlay": [
        b'{"overlay": "1.0.0", "actions": [{"target": "$.components.schemas.~", "description": "b", "remove": true}]}',
        b'{"overlay": "1.0.0", "actions": [1]}',
        b'{"overlay": "1.0.0", "actions": [{"target": "$..*", "description": "b", "remove": true}]}',
    ],
}


@pytest.mark.parametrize("name", FOUND)
def test_earlier_failures_stay_fixed(name: str) -> None:
    for text in FOUND[name]:
        READERS[name](text)
