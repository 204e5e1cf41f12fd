"""A mock of the Tasks API that keeps state and the documents' rules.

    from axtasks.mock import MockServer

    with MockServer(run_seconds=0) as server:
        ...  # point any client at server.url, with any API key

`Mock` is the core: requests in, answers out. `MockTransport` puts it behind an httpx client, `MockServer` on a socket.
`load_world` reads what there is at the start from a file, `chaos` makes faults of every kind strike by chance.
Names are loaded when they are first used, so that the core works without the libraries of server and transport.
"""

from __future__ import annotations

import importlib
import importlib.util
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .clock import Clock
    from .faults.chaos import chaos
    from .messages import MockRequest, MockResponse
    from .mock import Mock
    from .serving.httpx_transport import MockTransport
    from .serving.server import MockServer
    from .worldfiles.loader import WorldFileError, dump_world, load_world, merge_world

__all__ = [
    "Clock",
    "Mock",
    "MockRequest",
    "MockResponse",
    "MockServer",
    "MockTransport",
    "WorldFileError",
    "chaos",
    "dump_world",
    "load_world",
    "merge_world",
]

_HOMES = {
    "Clock": "clock",
    "Mock": "mock",
    "MockRequest": "messages",
    "MockResponse": "messages",
    "MockServer": "serving.server",
    "MockTransport": "serving.httpx_transport",
    "WorldFileError": "worldfiles.loader",
    "chaos": "faults.chaos",
    "dump_world": "worldfiles.loader",
    "load_world": "worldfiles.loader",
    "merge_world": "worldfiles.loader",
}
_EXTRA = ("jsonschema_rs", "msgspec", "uvicorn", "yaml")


def missing_libraries() -> list[str]:
    """Those of the extra `mock` that are needed and not installed; without httptools a server is only slower."""
    return [name for name in _EXTRA if importlib.util.find_spec(name) is None]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        value: object = getattr(importlib.import_module(f".{home}", __name__), name)
    except ModuleNotFoundError as error:
        if error.name is not None and error.name.partition(".")[0] in _EXTRA:
            from axtasks.extras import install_command

            raise ModuleNotFoundError(
                f"{name} needs {error.name!r}: {install_command('mock')}", name=error.name
            ) from error
        raise
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
