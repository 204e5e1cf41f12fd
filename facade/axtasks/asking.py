"""Finding out which dialect a server speaks, by looking at something of the account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axtasks_api_beta.api.evaluators import list_evaluators
from axtasks_api_beta.api.tasks import list_tasks

from .effects import Flow, send
from .errors import APIError, AuthenticationError, RateLimitError, ServerError, UndecodableBodyError

if TYPE_CHECKING:
    from typing import Any

    from axtasks_api_beta.operation import Operation

    from .contract.dialect import Dialect

# What is listed to see one item of it; all of them have a type.
SHOWING: tuple[Operation[Any, Any], ...] = (list_tasks.operation, list_evaluators.operation)


def ask(dialect: Dialect) -> Flow[None]:
    """Nothing, once a task or an evaluator has shown the dialect, or there is none to show it.

    Any answer that shows it is noted where it is read.

    Args:
        dialect: what is known of it.
    """
    for operation in SHOWING:
        if dialect.contract is not None:
            # Seen just now, or by whoever asked before.
            return
        try:
            yield from send(operation, limit=1)
        except (AuthenticationError, RateLimitError, ServerError):
            # What follows would fare no better.
            raise
        except (APIError, UndecodableBodyError):
            # The key may read other things, and write.
            continue
    dialect.assume()
