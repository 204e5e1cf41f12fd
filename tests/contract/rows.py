"""Table tests: one pytest item for a whole table, with the name of each failed row in its message."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")
Check = TypeVar("Check", bound="Callable[..., None]")


def each(rows: Iterable[tuple[str, T]]) -> Callable[[Check], Check]:
    """Make a check of one row, which it takes as `row`, a test of all rows.

    Args:
        rows: the rows with their names.
    """
    listed = list(rows)

    def made(check: Check) -> Check:
        @functools.wraps(check)
        def test(*args: Any, **fixtures: Any) -> None:
            failed = []
            for name, row in listed:
                try:
                    check(*args, row=row, **fixtures)
                except Exception as error:  # noqa: BLE001  # whatever goes wrong is told of its row
                    failed.append(f"{name}: {type(error).__name__}: {error}")
            assert listed, "there are no rows"
            assert not failed, f"{len(failed)} of {len(listed)}:\n" + "\n".join(failed)

        signature = inspect.signature(check)
        others = [each for name, each in signature.parameters.items() if name != "row"]
        cast("Any", test).__signature__ = signature.replace(parameters=others)
        return cast("Check", test)

    return made


def named(names: Iterable[str]) -> list[tuple[str, str]]:
    """Return rows that are their own names."""
    return [(name, name) for name in names]
