"""Encode requests in the dialect of the server, and detect that dialect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from axtasks_api_beta.api.evaluators import list_evaluators
from axtasks_api_beta.api.tasks import list_tasks

from axtasks.contract.dialect import BETA, DOCUMENTS, is_told_apart
from axtasks.errors import (
    APIError,
    AuthenticationError,
    BadRequestError,
    RateLimitError,
    ServerError,
    UndecodableBodyError,
    UnprocessableEntityError,
)

from .effects import Flow, send

if TYPE_CHECKING:
    from typing import Any

    from axtasks_api_beta.operation import Operation, PreparedRequest

    from axtasks.contract.dialect import Dialect
    from axtasks.errors import AxError

    from .effects import Send


class RequestEncoder:
    """One request, which is written once the dialect is known that it needs.

    Args:
        dialect: what is known of the dialect of the server.
        effect: what is to be sent.
    """

    request: PreparedRequest

    def __init__(self, dialect: Dialect, effect: Send[Any]) -> None:
        self.dialect = dialect
        self.effect = effect
        # What the first spelling was refused with, once the other is tried.
        self.refusal: APIError | None = None
        self._is_guess = False

    def needs_dialect(self) -> bool:
        """Whether the request can only be written when it is known what the server speaks."""
        effect = self.effect
        return self.dialect.contract is None and is_told_apart(effect.operation, effect.args, effect.kwargs)

    def write(self) -> None:
        """Writes the request.

        Raises:
            NotInContractError: the dialect in use does not have all that is to be said.
        """
        effect, dialect = self.effect, self.dialect
        self._is_guess = not dialect.is_certain and is_told_apart(effect.operation, effect.args, effect.kwargs)
        self.request = dialect.written(effect.operation, effect.args, effect.kwargs)

    def write_otherwise(self, error: AxError) -> bool:
        """Whether the request is worth being sent once in the other spelling, in which it is now written.

        Args:
            error: what it ended with in the first one; the server must not have acted on any attempt.
        """
        is_open = not self.dialect.is_certain or self.dialect.contract != DOCUMENTS
        if not (self._is_guess and self.refusal is None and is_open):
            return False
        if not isinstance(error, BadRequestError | UnprocessableEntityError):
            return False
        self.refusal = error
        self.request = self.effect.operation.encode(*self.effect.args, **self.effect.kwargs)
        return True

    def worked(self) -> None:
        """Notes that the request was understood as it is written now."""
        if self.refusal is not None:
            self.dialect.learn(BETA)

    def last_word(self, error: AxError) -> AxError:
        """Of the refusals of both spellings, the one that says more; any other error is what it is."""
        if self.refusal is None or not isinstance(error, APIError):
            return error
        # A spelling that is not understood is malformed, so what else is wrong is only said of the other.
        told, other = (self.refusal, error) if isinstance(error, BadRequestError) else (error, self.refusal)
        told.add_note(f"It was also sent in the other spelling of the contract, which was refused too: {other}")
        return told


# What is listed to see one item of it; all of them have a type.
SHOWING: tuple[Operation[Any, Any], ...] = (list_tasks.operation, list_evaluators.operation)


def detect_dialect(dialect: Dialect) -> Flow[None]:
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
