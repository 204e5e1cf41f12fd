"""Encode requests in the dialect of the server, and detect that dialect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from axtasks_api_beta.api.evaluators import list_evaluators
from axtasks_api_beta.api.tasks import list_tasks

from axtasks.contract.dialect import BETA, DOCUMENTS, depends_on_dialect
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
    from axtasks_api_beta.operation import Operation, PreparedRequest

    from axtasks.contract.dialect import Dialect
    from axtasks.errors import AxError

    from .effects import Send


class RequestEncoder:
    """Encodes one request in the dialect of the server, and switches to the other spelling if that is refused."""

    request: PreparedRequest

    def __init__(self, dialect: Dialect, effect: Send[Any]) -> None:
        self.dialect = dialect
        self.effect = effect
        # The refusal of the first spelling, once the other is in use.
        self.refusal: APIError | None = None
        self._is_guess = False

    def needs_dialect(self) -> bool:
        """Return True if the request cannot be encoded before the dialect is detected."""
        effect = self.effect
        return self.dialect.contract is None and depends_on_dialect(effect.operation, effect.args, effect.kwargs)

    def encode(self) -> None:
        """Encode the request, or raise NotInContractError if the dialect in use lacks a part of it."""
        effect, dialect = self.effect, self.dialect
        self._is_guess = not dialect.is_certain and depends_on_dialect(effect.operation, effect.args, effect.kwargs)
        self.request = dialect.encode(effect.operation, effect.args, effect.kwargs)

    def switch_spelling(self, error: AxError) -> bool:
        """Encode the request in the other spelling; return False if the error gives no reason to, or it was done.

        The server must not have acted on any attempt.
        """
        is_open = not self.dialect.is_certain or self.dialect.contract != DOCUMENTS
        if not (self._is_guess and self.refusal is None and is_open):
            return False
        if not isinstance(error, BadRequestError | UnprocessableEntityError):
            return False
        self.refusal = error
        self.request = self.effect.operation.encode(*self.effect.args, **self.effect.kwargs)
        return True

    def confirm_spelling(self) -> None:
        """Learn the dialect from a success in the other spelling."""
        if self.refusal is not None:
            self.dialect.learn(BETA)

    def choose_error(self, error: AxError) -> AxError:
        """Return the more telling refusal if both spellings were refused; any other error as it is."""
        if self.refusal is None or not isinstance(error, APIError):
            return error
        # A wrong spelling makes the request malformed, so only the other refusal names what else is wrong.
        chosen, other = (self.refusal, error) if isinstance(error, BadRequestError) else (error, self.refusal)
        chosen.add_note(f"It was also sent in the other spelling of the contract, which was refused too: {other}")
        return chosen


# Lists whose items show the dialect: all of them have a type.
PROBES: tuple[Operation[Any, Any], ...] = (list_tasks.operation, list_evaluators.operation)


def detect_dialect(dialect: Dialect) -> Flow[None]:
    """List one task and one evaluator, whose decoding detects the dialect; assume one if neither shows it."""
    for operation in PROBES:
        if dialect.contract is not None:
            # Detected by the list before, or by a concurrent call.
            return
        try:
            yield from send(operation, limit=1)
        except (AuthenticationError, RateLimitError, ServerError):
            # The next request would fail the same way.
            raise
        except (APIError, UndecodableBodyError):
            # The key may be allowed to read other resources, and to write.
            continue
    dialect.assume()
