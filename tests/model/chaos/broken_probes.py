"""Clients that are wrong about their lost writes, for tests of those who judge them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def replaced_probe(probe: type, found: object) -> Iterator[None]:
    """Clients find this meanwhile whenever they look for a lost write, and take it for one that can be repeated.

    Args:
        probe: the way to look that is replaced.
        found: what it finds, or the error it ends with.
    """

    def look(*_: object, **__: object) -> Any:
        yield from ()
        if isinstance(found, Exception):
            raise found
        return found

    with mock.patch.object(probe, "check", look), mock.patch.object(probe, "is_repeatable", new=True):
        yield
