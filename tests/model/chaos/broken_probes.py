"""Broken probes for lost writes, to test that the verdicts notice them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def replaced_probe(probe: type, found: object) -> Iterator[None]:
    """Replace the result of a probe for the `with` block, and mark its write as repeatable.

    Args:
        probe: the class of the probe.
        found: the result, or the error to raise.
    """

    def check(*_: object, **__: object) -> Any:
        yield from ()
        if isinstance(found, Exception):
            raise found
        return found

    with mock.patch.object(probe, "check", check), mock.patch.object(probe, "is_repeatable", new=True):
        yield
