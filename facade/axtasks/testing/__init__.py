"""Test code that uses the Tasks API: pytest fixtures, and the functions behind them.

    def test_nightly(ax_client, ax_mock):
        nightly.main(ax_client)
        ax_mock.journal.assert_called("trigger_task_run", task="Golden Set Review", times=1)

The fixtures are there wherever `ax-tasks[mock]` is installed beside pytest: `ax_mock`, `ax_mock_server`, `ax_client`,
`async_ax_client` and `ax_environment`, with the marker `ax_world` and, for the contract that is served, `ax_contract`.
Their types can be imported from here for annotations; names are loaded when they are first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from axtasks.client import AsyncAxClient, AxClient
    from axtasks.mock.clock import Clock
    from axtasks.mock.journal.exchange import Exchange
    from axtasks.mock.journal.journal import Journal
    from axtasks.mock.mock import Mock
    from axtasks.mock.serving.server import MockServer

    from .clients import async_client_of, client_of
    from .environment import environment_of

# Public name -> module.
_HOMES = {
    "AsyncAxClient": "axtasks.client",
    "AxClient": "axtasks.client",
    "Clock": "axtasks.mock.clock",
    "Exchange": "axtasks.mock.journal.exchange",
    "Journal": "axtasks.mock.journal.journal",
    "Mock": "axtasks.mock.mock",
    "MockServer": "axtasks.mock.serving.server",
    "async_client_of": "axtasks.testing.clients",
    "client_of": "axtasks.testing.clients",
    "environment_of": "axtasks.testing.environment",
}

__all__ = [
    "AsyncAxClient",
    "AxClient",
    "Clock",
    "Exchange",
    "Journal",
    "Mock",
    "MockServer",
    "async_client_of",
    "client_of",
    "environment_of",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
