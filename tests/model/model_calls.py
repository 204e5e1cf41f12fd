"""Calls of the facade as values, with their source code, and the function that makes them by either client."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from axtasks import AxError
from axtasks_api.types import UNSET

from tests.model.model_environment import AWAITING

if TYPE_CHECKING:
    from tests.model.model_environment import Environment
    from tests.model.model_world import Json

FIRST, ALL, PAGES = "the first page", "all items", "all pages"


@dataclass(frozen=True)
class Call:
    """A call of the facade.

    Attributes:
        method: the method, such as `tasks.get`.
        given: the positional arguments.
        named: the keyword arguments.
        reading: the part of a list to read: the first page, all items or all pages.
        after: for a cursor, the creation time and number of the last task before it.
        is_cursor_valid: True if the cursor belongs to this list.
    """

    method: str
    given: tuple[Any, ...] = ()
    named: Json = field(default_factory=dict)
    reading: str = FIRST
    after: tuple[datetime, int] | None = None
    is_cursor_valid: bool = True

    def code(self, client: str) -> str:
        """Return the source code of the call."""
        arguments = [*map(source_of, self.given), *(f"{name}={source_of(value)}" for name, value in self.named.items())]
        text = f"{self.method}({', '.join(arguments)})"
        if not client.startswith(AWAITING):
            text = f"env.{client}.{text}"
            return {FIRST: text, ALL: f"list({text})", PAGES: f"list({text}.pages())"}[self.reading]
        text = f"env.{client}.{text}"
        return {
            FIRST: f"env.run({text})",
            ALL: f"env.run(items({text}))",
            PAGES: f"env.run(pages({text}))",
        }[self.reading]


@dataclass(frozen=True)
class CallOutcome:
    """The outcome of a call.

    Attributes:
        value: the returned value.
        error: the raised error.
        polls: the polls reported while waiting.
        started_at: the server's time at the start.
        ended_at: the server's time at the end.
    """

    value: Any
    error: AxError | None
    polls: tuple[Any, ...]
    started_at: datetime
    ended_at: datetime

    def __str__(self) -> str:
        if self.error is not None:
            return f"{type(self.error).__name__}: {self.error}"
        text = repr(self.value)
        return text if len(text) < 400 else text[:400] + "..."


async def items(listing: Any) -> list[Any]:
    """Return all items of a list."""
    return [item async for item in await listing]


async def pages(listing: Any) -> list[Any]:
    """Return all pages of a list."""
    return [page async for page in (await listing).pages()]


async def _together(awaited: Any) -> Any:
    # The event loop also runs another task, as in most programs.
    found, _ = await asyncio.gather(awaited, asyncio.sleep(0))
    return found


def make(env: Environment, client: str, call: Call) -> CallOutcome:
    """Make a call and return its outcome. Errors that are no AxError are raised."""
    used, method = getattr(env, client), call.method
    polls: list[Any] = []
    for name in method.split("."):
        used = getattr(used, name)
    named = dict(call.named)
    if method.endswith("wait_for_run"):
        named["on_poll"] = polls.append
    started_at = env.now
    value, failed = None, None
    try:
        value = used(*call.given, **named)
        if client.startswith(AWAITING):
            reader = {FIRST: _together, ALL: items, PAGES: pages}[call.reading]
            value = env.run(reader(value))
        elif call.reading != FIRST:
            value = list(value if call.reading == ALL else value.pages())
    except AxError as error:
        value, failed = None, error
    return CallOutcome(value, failed, tuple(polls), started_at, env.now)


def source_of(value: Any) -> str:
    """Return the source code of a value."""
    if value is UNSET:
        return "UNSET"
    if isinstance(value, datetime):
        return f"datetime.fromisoformat({value.isoformat()!r})"
    if isinstance(value, timedelta):
        return f"timedelta(seconds={value.total_seconds()!r})"
    if isinstance(value, list):
        return f"[{', '.join(map(source_of, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {source_of(item)}" for key, item in value.items()) + "}"
    return repr(value)
