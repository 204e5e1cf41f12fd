"""Tests of quoted server text: short, and without control of the terminal or forged lines."""

from __future__ import annotations

import logging
import traceback
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from axtasks import AxError, Hooks, RetryPolicy, RunFailedError, UndecodableBodyError
from axtasks.text import MOST_CHARACTERS, escape, in_days, in_seconds, printable

from tests import hostile
from tests.unit.support import CHAT_QUALITY, CHAT_QUALITY_RUN, RUN, TASK, answer, client_over, one_after_another

if TYPE_CHECKING:
    from collections.abc import Callable

    from axtasks import AxClient, ResponseEvent

# Of no contract in particular.
pytestmark = pytest.mark.one_contract

LONG = 10_000_000
ONCE = RetryPolicy(attempts=1)


def problem(text: str, **headers: str) -> httpx.Response:
    return answer({"title": text, "detail": text, "status": 400}, 400, **headers)


def latin(text: str) -> bytes:
    """Return a text as a header may have it: with control characters, without line breaks."""
    return text.replace("\n", "").replace("\r", "").replace("\x00", "").encode("utf-8", "replace")


# Everything that makes an error of what a server says, given the text.
ERRORS: dict[str, Callable[[str], tuple[httpx.Response | Exception, Callable[[AxClient], Any]]]] = {
    "problem": lambda text: (problem(text), get),
    "no-problem": lambda text: (httpx.Response(502, text=text), get),
    "request-id": lambda text: (httpx.Response(500, headers={b"x-request-id": latin(text)}), get),
    "redirect": lambda text: (httpx.Response(302, headers={b"location": latin(text)}), get),
    "no-contract": lambda text: (answer(TASK | {"created_at": text}), get),
    "no-object": lambda text: (answer(text), get),
    "no-json": lambda text: (httpx.Response(200, text=text), get),
    "failed-run": lambda text: (answer(RUN | {"status": "failed", "failure_reason": text}), wait),
    "run-status": lambda text: (answer(RUN | {"status": text}), wait),
    "packed": lambda text: (
        httpx.Response(200, stream=httpx.ByteStream(b""), headers={b"content-encoding": latin(text)}),
        get,
    ),
    "connection": lambda text: (httpx.ReadError(text), get),
    "no-connection": lambda text: (httpx.ConnectError(text), get),
}


def get(ax: AxClient) -> object:
    return ax.tasks.get(CHAT_QUALITY)


def wait(ax: AxClient) -> object:
    return ax.tasks.wait_for_run(CHAT_QUALITY_RUN, raise_on_failure=True)


def raised(name: str, text: str, **settings: Any) -> AxError:
    given, call = ERRORS[name](text)
    with pytest.raises(AxError) as caught:
        call(client_over(one_after_another(given), retry=ONCE, **settings))
    return caught.value


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_is_printable_and_in_one_line(name: str) -> None:
    error = raised(name, hostile.ALL)

    assert not hostile.steering(f"{error!s} {error!r} {error.args}")
    assert "\n" not in str(error)
    assert not hostile.steering("".join(traceback.format_exception(error)))
    assert all(line[0] in " ^~" or line.startswith(OF_A_TRACEBACK) for line in lines_of(error))


OF_A_TRACEBACK = ("Traceback ", "The above exception", "During handling", "axtasks", "httpx", "h11")


def lines_of(error: AxError) -> list[str]:
    return [line for line in "".join(traceback.format_exception(error)).splitlines() if line]


@pytest.mark.parametrize("name", ["problem", "no-problem", "no-contract", "failed-run", "connection"])
def test_an_error_is_short_however_long_the_text_is(name: str) -> None:
    error = raised(name, "x" * (LONG if name != "no-contract" else LONG // 10))

    assert len(str(error)) <= MOST_CHARACTERS
    assert all(len(line) <= 2 * MOST_CHARACTERS for line in lines_of(error))


def test_a_long_message_keeps_what_comes_behind_the_text_of_the_server() -> None:
    given = problem("x" * 20_000, x_request_id="req_7", retry_after="7")

    with pytest.raises(AxError) as caught:
        get(client_over(one_after_another(given), retry=ONCE))

    assert str(caught.value).endswith("… (the server asks to wait 7 seconds) [request id req_7]")


@pytest.mark.parametrize("status", [200, 502])
def test_the_body_is_whole_and_as_it_came(status: int) -> None:
    text = hostile.ALL * 1000

    with pytest.raises(AxError) as caught:
        get(client_over(one_after_another(httpx.Response(status, text=text)), retry=ONCE))

    assert getattr(caught.value, "body", None) == text
    assert isinstance(caught.value, UndecodableBodyError) == (status == 200)


def test_notes_are_printable_too() -> None:
    error = AxError("a")
    error.add_note(hostile.ALL + "x" * LONG)

    (note,) = error.__notes__
    assert not hostile.steering(note)
    assert len(note) <= MOST_CHARACTERS


def test_logs_and_hooks_are_told_printable_ids(caplog: pytest.LogCaptureFixture) -> None:
    ended: list[ResponseEvent] = []
    given = httpx.Response(200, json=TASK, headers={b"x-request-id": latin(hostile.ALL) * 100})

    with caplog.at_level(logging.DEBUG, "axtasks"):
        get(client_over(one_after_another(given), hooks=Hooks(on_response=ended.append)))

    assert not hostile.steering(caplog.text)
    assert ended[0].request_id is not None
    assert not hostile.steering(ended[0].request_id)
    assert len(ended[0].request_id) <= 200


def test_reprs_are_printable() -> None:
    task = client_over(one_after_another(answer(TASK | {"name": hostile.ALL, "type": hostile.ALL}))).tasks.get(
        CHAT_QUALITY
    )
    run = client_over(one_after_another(answer(RUN | {"status": hostile.ALL}))).tasks.get_run(CHAT_QUALITY_RUN)

    error = RunFailedError(hostile.ALL, run=run)
    assert not hostile.steering(f"{task!r}{run!r}{run.status!r}{error!r}")


@pytest.mark.parametrize("character", hostile.CHARACTERS.values(), ids=hostile.CHARACTERS)
def test_each_character_that_steers_is_escaped(character: str) -> None:
    assert escape(character).isprintable()
    assert escape(character).isascii()


@pytest.mark.parametrize("text", ["", "plain", "ñandú 日本 👩‍💻 نص", "x" * MOST_CHARACTERS])
def test_readable_text_stays(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize("text", ["x" * LONG, "\x1b" * 5000], ids=["plain", "escaped"])
def test_a_long_text_is_cut(text: str) -> None:
    assert len(printable(text)) == MOST_CHARACTERS
    assert printable(text).endswith("…")


@pytest.mark.parametrize(
    ("number", "words"), [(1, "1 second"), (1.0, "1 second"), (0.5, "0.5 seconds"), (60, "60 seconds")]
)
def test_seconds_in_words(number: float, words: str) -> None:
    assert in_seconds(number) == words


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(days=31), "31 days"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=30, seconds=1), "30 days, 0:00:01"),
        (timedelta(hours=2), "2:00:00"),
    ],
)
def test_a_length_of_time_in_words(length: timedelta, words: str) -> None:
    assert in_days(length) == words
