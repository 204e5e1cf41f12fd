"""Tests of `default_headers`: sent with every request by either engine, refused where reserved or invalid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axtasks import AxClient, ConfigurationError
from axtasks.config.headers import RESERVED, parse_headers
from axtasks.config.settings import resolve_settings
from axtasks.transport.http11 import RequestWriter
from axtasks_api.operations import operation

from tests import planted
from tests.unit.support import API_KEY, Recorder, client_over, page

if TYPE_CHECKING:
    import h11

KEY = {"ARIZE_API_KEY": API_KEY}
GIVEN = {"X-Gateway": "eu", "x-tenant-token": planted.COMMAND_LINE, "X-Empty": ""}


def written(**settings: Any) -> h11.Request:
    """Return the head of a request as our own engine writes it."""
    writer = RequestWriter(resolve_settings({}, environment=KEY, **settings))
    return writer.request(operation("list_spaces").encode(), None)


def test_default_headers_are_sent_beside_the_clients_own() -> None:
    recorder = Recorder(lambda _: page("spaces"))
    with client_over(recorder, default_headers=GIVEN) as ax:
        ax.spaces.list()
        ax.request("GET", "/v2/spaces")
    ours = {name.decode(): value.decode() for name, value in written(default_headers=GIVEN).headers}

    for headers in (ours, *(sent.headers for sent in recorder.sent)):
        assert {name: headers[name.lower()] for name in GIVEN} == GIVEN
        assert headers["authorization"] == f"Bearer {API_KEY}"


def test_without_any_nothing_more_is_sent() -> None:
    assert {name for name, _ in written().headers} == {name for name, _ in written(default_headers={}).headers}
    assert parse_headers(None) == {}


REFUSED = [
    *(({name: "x"}, "the client sets it") for name in sorted(RESERVED)),
    ({"Authorization": "x"}, "the client sets it"),
    ({"HOST": "x"}, "the client sets it"),
    *(({name: "x"}, "no header can have") for name in ("", "X Y", "X:Y", "X\n", "Ä", 7)),
    *(({"X-Y": value}, "printable ASCII") for value in ("s3cret\nX: y", " s3cret", "s3cret\x00", "s3cretä", 7, None)),
    ({"X-Y": "s3cret", "x-y": "s3cret"}, "twice"),
    ([("X-Y", "s3cret")], "has to be a mapping"),
]


@pytest.mark.parametrize(("headers", "reason"), REFUSED, ids=repr)
def test_invalid_headers_are_refused_when_the_client_is_made(headers: Any, reason: str) -> None:
    with pytest.raises(ConfigurationError, match=reason) as caught:
        AxClient(api_key=API_KEY, default_headers=headers)

    assert "s3cret" not in str(caught.value)


def test_header_values_are_not_in_the_repr() -> None:
    settings = resolve_settings({}, environment=KEY, default_headers=GIVEN)

    assert not planted.shows(repr(settings))
