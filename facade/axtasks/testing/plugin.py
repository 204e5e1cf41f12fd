"""The pytest plugin: fixtures and a marker. Nothing but pytest is imported until a fixture is used."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from axtasks import AsyncAxClient, AxClient
    from axtasks.mock import Mock, MockServer

    from .worlds import WorldOptions

MARKER = "ax_world"
CONTRACT = "ax_contract"
USAGE = (
    f"{MARKER}(source=None, *, seed=0, lifecycle=None, run_seconds=None, clock_start=None, frozen=True, faults=(), "
    "limit=None, latency=0, lenient=False, keys=(), contract=None): the world of ax_mock and how it is played. "
    "`source` is a world file, relative to the test, or its text, or what it says as data. Of several markers the "
    "closest says it, option by option."
)


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", USAGE)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a project say which contract its mocks serve."""
    parser.addini(CONTRACT, "the contract that ax_mock serves: documents (as if nothing is said) or beta", default="")


@pytest.fixture
def ax_contract(request: pytest.FixtureRequest) -> str:
    """The contract that `ax_mock` serves: that of the marker, or of the ini option; replace it to test with several."""
    options = _options(request)
    from axtasks.mock.contract import contract

    name: str = options.contract or request.config.getini(CONTRACT) or contract.DEFAULT
    return name


@pytest.fixture
def ax_mock(request: pytest.FixtureRequest, ax_contract: str) -> Mock:
    """A mock of the Tasks API in this process, with a fresh world and a clock that stands still until it is moved."""
    options = _options(request)
    with _fail_on_value_error():
        return options.mock(request.path.parent, contract=ax_contract)


@pytest.fixture
def ax_mock_server(ax_mock: Mock) -> Iterator[MockServer]:
    """The same mock as `ax_mock`, on a free port of 127.0.0.1: `.url` is for any client in any language."""
    from axtasks.mock import MockServer

    with MockServer(ax_mock) as server:
        yield server


@pytest.fixture
def ax_client(request: pytest.FixtureRequest, ax_mock: Mock) -> Iterator[AxClient]:
    """A client of `ax_mock`; it advances the mock's clock instead of sleeping."""
    from .clients import client_of

    with pytest.MonkeyPatch.context() as patch:
        _clear_settings(patch)
        client = client_of(ax_mock, api_key=_options(request).usable_key(ax_mock))
    with client:
        yield client


@pytest.fixture
def async_ax_client(request: pytest.FixtureRequest, ax_mock: Mock) -> AsyncAxClient:
    """An awaiting client of `ax_mock`, for `asyncio.run` in a plain test as for tests that are awaited themselves."""
    from .clients import async_client_of

    # Nothing has to be closed: its requests go through no connection.
    with pytest.MonkeyPatch.context() as patch:
        _clear_settings(patch)
        return async_client_of(ax_mock, api_key=_options(request).usable_key(ax_mock))


@pytest.fixture
def ax_environment(
    request: pytest.FixtureRequest, ax_mock_server: MockServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """The environment of this test, set so that all that reads `ARIZE_*`, here or in a program, uses the server."""
    from axtasks.profiles import DIRECTORY_VARIABLE

    from .clients import default_space
    from .environment import environment_of

    mock = ax_mock_server.mock
    variables = environment_of(
        ax_mock_server.url,
        api_key=_options(request).usable_key(mock),
        space=default_space(mock.world),
        contract=mock.contract,
    )
    # A folder without profiles.
    variables[DIRECTORY_VARIABLE] = str(tmp_path / "arize")
    _clear_settings(monkeypatch)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return variables


def _options(request: pytest.FixtureRequest) -> WorldOptions:
    """Return the options of a test's markers; fail the test if one is wrong, or a library is missing."""
    from axtasks.mock import missing_libraries

    missing = missing_libraries()
    if missing:
        from axtasks.extras import install_command

        needed = f"the fixture {request.fixturename} needs {', '.join(missing)}"
        pytest.fail(f"{needed}: {install_command('mock')}", pytrace=False)
    from .worlds import read_markers

    with _fail_on_value_error():
        return read_markers((mark.args, mark.kwargs) for mark in request.node.iter_markers(MARKER))


@contextmanager
def _fail_on_value_error() -> Iterator[None]:
    """Fail the test for a world that cannot be made, with the reason in place of a traceback through this plugin."""
    try:
        yield
    except ValueError as error:
        raise pytest.fail.Exception(f"@pytest.mark.{MARKER}: {error}", pytrace=False) from None


def _clear_settings(patch: pytest.MonkeyPatch) -> None:
    """Remove the settings of the developer's own environment."""
    from .environment import PREFIX

    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        patch.delenv(name)
