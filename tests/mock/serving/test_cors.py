"""CORS: pages of allowed origins may use the API, and none the admin API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from axtasks.mock import Mock, MockServer

from tests.mock.support import TASKS

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.one_door, pytest.mark.one_contract]

PAGE, OTHER = "http://localhost:3000", "https://other.example"
ASKED = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
KEY = {"Authorization": "Bearer any"}
CORS = "access-control-"


@pytest.fixture(scope="module")
def urls() -> Iterator[dict[str, str]]:
    """Addresses of three servers that allow no origin, one origin, and any."""
    mock = Mock()
    with (
        MockServer(mock) as none,
        MockServer(mock, cors=[f"{PAGE.upper()}/"]) as one,
        MockServer(mock, cors="*") as any_,
    ):
        yield {"none": none.url, "one": one.url, "any": any_.url}


def told(response: httpx.Response) -> dict[str, str]:
    """Return the CORS headers of a response."""
    return {name.removeprefix(CORS): text for name, text in response.headers.items() if name.startswith(CORS)}


@pytest.mark.parametrize(
    ("served", "origin", "allowed"),
    [
        pytest.param("none", PAGE, None, id="off"),
        pytest.param("one", PAGE, PAGE, id="named"),
        pytest.param("one", OTHER, None, id="another"),
        pytest.param("any", OTHER, "*", id="any"),
    ],
)
def test_allowed_origins(urls: dict[str, str], served: str, origin: str, allowed: str | None) -> None:
    """The preflight and the request itself have the CORS headers for an allowed origin alone."""
    asked = httpx.options(urls[served] + TASKS, headers={**ASKED, "Origin": origin}, trust_env=False)
    sent = httpx.get(urls[served] + TASKS, headers={**KEY, "Origin": origin}, trust_env=False)

    assert sent.status_code == 200
    assert told(sent).get("allow-origin") == told(asked).get("allow-origin") == allowed
    if allowed is None:
        assert (asked.status_code, told(asked), told(sent)) == (401, {}, {})
    else:
        assert (asked.status_code, sent.headers["vary"]) == (204, "Origin")
        assert (told(asked)["allow-methods"], told(asked)["allow-headers"]) == ("POST", "authorization,content-type")


def test_the_admin_api_allows_no_origin(urls: dict[str, str]) -> None:
    """The admin API takes no preflight, even from an origin that may use the API."""
    asked = httpx.options(f"{urls['any']}/__mock/reset", headers={**ASKED, "Origin": OTHER}, trust_env=False)

    assert (asked.status_code, told(asked)) == (403, {})


def test_a_refusal_has_the_headers_too(urls: dict[str, str]) -> None:
    """A refusal has the CORS headers; a request without an origin gets none."""
    refused = httpx.get(urls["one"] + TASKS, headers={"Origin": PAGE}, trust_env=False)
    plain = httpx.get(urls["one"] + TASKS, headers=KEY, trust_env=False)

    assert (refused.status_code, told(refused)["allow-origin"]) == (401, PAGE)
    assert (plain.status_code, told(plain), "vary" in plain.headers) == (200, {}, False)
