"""Tests of both clients: equal settings, their endpoint, and equal groups of methods."""

from __future__ import annotations

import inspect
import logging
from typing import Any

import httpx
import pytest
from axtasks import AsyncAxClient, AxClient, ConfigurationError

from tests.unit.support import API_KEY, CHAT_QUALITY, Stage, outcome

GROUPS = [
    "tasks",
    "spaces",
    "projects",
    "datasets",
    "experiments",
    "evaluators",
    "ai_integrations",
    "integrations",
    "prompts",
]


@pytest.mark.parametrize("kind", [AxClient, AsyncAxClient])
def test_a_client_says_where_it_goes_and_not_with_which_key(kind: type[AxClient] | type[AsyncAxClient]) -> None:
    client = kind(api_key=API_KEY, region="eu-west-1a", space="demo")

    assert repr(client) == f"<{kind.__name__} for https://api.eu-west-1a.arize.com>"
    assert client.base_url == "https://api.eu-west-1a.arize.com"
    assert client.space == "demo"
    assert API_KEY not in f"{client} {vars(client)} {[vars(getattr(client, group)) for group in GROUPS]}"


@pytest.mark.parametrize("kind", [AxClient, AsyncAxClient])
def test_a_client_offers_each_group_of_methods(kind: type[AxClient] | type[AsyncAxClient]) -> None:
    client = kind(api_key=API_KEY)

    for group in GROUPS:
        offered = getattr(client, group)
        assert callable(offered.list)
        assert callable(offered.get)


@pytest.mark.parametrize("kind", [AxClient, AsyncAxClient])
def test_the_help_on_a_client_explains_every_setting(kind: type[AxClient] | type[AsyncAxClient]) -> None:
    settings = [name for name in inspect.signature(kind).parameters if name != "self"]
    # Python 3.13 takes the indentation out of docstrings, and getdoc does on each.
    told = inspect.getdoc(kind) or ""

    assert len(settings) == 26
    for name in settings:
        assert f"\n    {name}: " in told
    assert told.startswith("A client for the Arize AX Tasks API")
    assert "\n\nEach setting is taken from its argument" in told


def test_a_class_of_the_caller_has_the_help_of_its_base() -> None:
    class OwnClient(AxClient):
        pass

    assert inspect.getdoc(OwnClient) == inspect.getdoc(AxClient)


@pytest.mark.parametrize("base", [AxClient, AsyncAxClient])
def test_a_client_with_other_options_has_what_a_class_of_the_caller_has_set(base: Any) -> None:
    class OwnClient(base):  # type: ignore[misc]  # either of two classes
        team = ""

        def __init__(self, team: str, **settings: Any) -> None:
            super().__init__(**settings)
            self.team = team

    own = OwnClient("search", api_key=API_KEY)
    groups = own.tasks, own.request
    other = own.with_options(timeout=5)

    assert other.team == "search"
    assert other.tasks is not groups[0]
    assert other.request != groups[1]


@pytest.mark.parametrize("kind", [AxClient, AsyncAxClient])
def test_settings_are_given_by_name_only(kind: type[AxClient] | type[AsyncAxClient]) -> None:
    with pytest.raises(TypeError, match="positional"):
        kind(API_KEY)  # type: ignore[call-arg]  # the mistake this is about


@pytest.mark.parametrize(
    ("kind", "other"),
    [(AxClient, httpx.AsyncClient), (AsyncAxClient, httpx.Client), (AxClient, httpx.HTTPTransport)],
    ids=["blocking", "awaiting", "no client"],
)
def test_another_kind_of_http_client_is_refused_at_once(kind: Any, other: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"http_client has to be an httpx\.\w+ here, not"):
        kind(api_key=API_KEY, http_client=other())


def test_a_blocking_client_is_a_context_manager(stage: Stage) -> None:
    with stage.client() as ax:
        assert ax.tasks.get(CHAT_QUALITY).id == CHAT_QUALITY


def test_an_awaiting_client_is_a_context_manager(stage: Stage) -> None:
    async def play() -> str:
        async with stage.async_client() as ax:
            return (await ax.tasks.get(CHAT_QUALITY)).id

    assert outcome(play()) == CHAT_QUALITY


def test_two_clients_do_not_share_their_settings(stage: Stage) -> None:
    one, other = stage.client(space="demo"), stage.client(space="demo-eu")

    assert one.tasks.get("Chat Quality Monitor").id != other.tasks.get("Chat Quality Monitor").id


def test_a_client_that_is_used_logs_nothing_of_the_key(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    stage.client(space="demo").tasks.get("Chat Quality Monitor")

    assert "GET" in caplog.text
    assert API_KEY not in caplog.text
    assert not any(API_KEY in repr(vars(record)) for record in caplog.records)


def test_an_awaiting_client_is_for_asyncio_only(stage: Stage) -> None:
    """Other libraries that run coroutines, such as trio, get an error that says so."""
    call = stage.async_client().spaces.get("demo")

    with pytest.raises(ConfigurationError, match="for asyncio only"):
        call.send(None)
