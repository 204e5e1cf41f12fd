"""The container of the page: the served mock can be reached by its host name, and controlled with its token."""

from __future__ import annotations

import json
import re
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.mock.processes import served

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = [pytest.mark.one_contract, pytest.mark.one_door, pytest.mark.programs]

PAGE = Path(__file__).parents[3] / "docs" / "guides" / "serving.md"
TOKEN = "the-token-of-a-test"  # noqa: S105  of a test alone


def recipe() -> str:
    (found,) = re.findall(r"^```dockerfile\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return str(found)


def command() -> list[str]:
    """Return the options of the command that the container runs."""
    (found,) = re.findall(r"^CMD (\[.*\])$", recipe(), re.MULTILINE)
    words: list[str] = json.loads(found)
    assert words[:3] == ["ax", "mock", "serve"]
    return words[3:]


def status(url: str, path: str, headers: Mapping[str, str]) -> int:
    connection = HTTPConnection("127.0.0.1", urlsplit(url).port or 0, timeout=20)
    connection.request("GET", path, headers=dict(headers))
    found = connection.getresponse().status
    connection.close()
    return found


def test_the_containers_command_serves_the_mock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AX_MOCK_CONTROL_TOKEN", TOKEN)
    key, token = {"Authorization": "Bearer any-key"}, {"Authorization": f"Bearer {TOKEN}"}

    with served(*command()) as (url, _):
        assert urlsplit(url).hostname == "0.0.0.0"  # noqa: S104  as the page has it
        assert status(url, "/v2/tasks", {"Host": "mock:8765", **key}) == 200
        assert status(url, "/v2/tasks", {"Host": "172.17.0.2:8765", **key}) == 200
        assert status(url, "/v2/tasks", {"Host": "attacker.example", **key}) == 403
        assert status(url, "/__mock/health", {"Host": "mock:8765", **token}) == 200
        assert status(url, "/__mock/health", {"Host": "mock:8765", **key}) == 401
        assert status(url, "/__mock/health", {"Host": "mock:8765", **token, "Origin": "http://mock:1"}) == 403


def test_the_container_has_what_the_command_needs() -> None:
    assert "pip install '/src[mock]'" in recipe()
    assert "EXPOSE 8765" in recipe()
