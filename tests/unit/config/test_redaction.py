"""Tests of redaction: fast on hostile input, and correct where a body was cut."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import httpx
import pytest
from axtasks import APIError, AxClient, AxError, RetryPolicy, UndecodableBodyError
from axtasks.config.credentials import Secret
from axtasks.transport.models import MOST_REFUSAL_BYTES

from tests import planted
from tests.unit.support import CHAT_QUALITY, client_over, one_after_another
from tests.unit.wire import reply, wired

if TYPE_CHECKING:
    from collections.abc import Callable

# None of this depends on what a server speaks.
pytestmark = pytest.mark.one_contract

KEY = planted.SECRETS
ONCE = RetryPolicy(attempts=1)
LARGE = 8 * 1024 * 1024


def percent(text: str) -> str:
    return "".join(f"%{ord(character):02X}" for character in text)


def as_json(text: str) -> str:
    return "".join(f"\\u{ord(character):04x}" for character in text)


def body_of(pattern: bytes, size: int = LARGE) -> bytes:
    return (pattern * (size // len(pattern) + 1))[:size]


@pytest.mark.usefixtures("engine")
def test_a_refusal_that_unpacks_to_much_is_read_no_further_than_it_is_shown() -> None:
    bomb = gzip.compress(body_of(b"%"))
    with wired(reply(bomb, "400 Bad", Content_Encoding="gzip")) as server:
        ax = AxClient(api_key=KEY, base_url=server.url, retry=ONCE)
        with pytest.raises(APIError) as caught:
            ax.tasks.get(CHAT_QUALITY)
        ax.close()

    assert 0 < len(caught.value.body) <= MOST_REFUSAL_BYTES


def test_redaction_searches_only_the_shown_part_of_an_undecodable_body() -> None:
    ax = client_over(one_after_another(httpx.Response(200, content=body_of(b"%"))), retry=ONCE, api_key=KEY)

    with pytest.raises(UndecodableBodyError) as caught:
        ax.tasks.get(CHAT_QUALITY)

    assert 0 < len(caught.value.body) <= MOST_REFUSAL_BYTES


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize("write", [str, percent, as_json, str.upper], ids=["plain", "url", "json", "capitals"])
def test_no_part_of_the_key_is_left_where_a_body_is_cut(write: Callable[[str], str], status: int) -> None:
    written = write(KEY)
    cut = range(1, len(written) + 1, 3)
    bodies = [b"-" * (MOST_REFUSAL_BYTES - at) + written.encode() + b"-" * 9 for at in cut]
    ax = client_over(one_after_another(*(httpx.Response(status, content=body) for body in bodies)), api_key=KEY)

    for _ in bodies:
        with pytest.raises(AxError) as caught:
            ax.with_options(retry=ONCE).tasks.get(CHAT_QUALITY)
        body: str = getattr(caught.value, "body", "")
        assert body.rstrip("-").removesuffix("***").rstrip("-") == ""


def test_no_part_of_the_key_is_left_where_a_packed_body_ends_too_early() -> None:
    packed = gzip.compress(b"you sent " + KEY.encode(), compresslevel=0)[: -8 - len(KEY) // 2]
    with wired(reply(packed, "400 Bad", Content_Encoding="gzip")) as server, pytest.raises(APIError) as caught:
        AxClient(api_key=KEY, base_url=server.url, retry=ONCE).tasks.get(CHAT_QUALITY)

    assert caught.value.body == "you sent "


@pytest.mark.parametrize("at", range(40, 60, 3))
@pytest.mark.parametrize("write", [str, percent, as_json], ids=["plain", "url", "json"])
def test_a_reason_quotes_no_part_of_the_key(write: Callable[[str], str], at: int) -> None:
    given = httpx.Response(200, content=json.dumps("x" * at + write(KEY)))

    with pytest.raises(UndecodableBodyError) as caught:
        client_over(one_after_another(given), retry=ONCE, api_key=KEY).tasks.get(CHAT_QUALITY)

    assert not Secret(KEY).is_quoted_in(str(caught.value))
    assert KEY[:6] not in f"{caught.value} {caught.value.__cause__}"


@pytest.mark.parametrize(
    ("text", "is_quoted"),
    [
        (KEY, True),
        (KEY[3:9].upper(), True),
        (percent(KEY)[:20], True),
        (as_json(KEY)[:40], True),
        (KEY[:5], False),
        ("expected an ISO 8601 date-time", False),
    ],
    ids=["whole", "in-capitals", "as-url", "as-json", "too-short", "none"],
)
def test_parts_of_the_key_are_recognized(text: str, is_quoted: bool) -> None:
    assert Secret(KEY).is_quoted_in(f"got '{text}...'") == is_quoted


def test_a_short_key_is_no_secret() -> None:
    assert (Secret("short").redact(b"short", is_cut=True), Secret("short").is_quoted_in("short")) == (b"short", False)
