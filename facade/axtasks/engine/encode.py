"""Encode requests in the dialect of the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from axtasks.contract.dialect import BETA, DOCUMENTS, depends_on_dialect
from axtasks.errors import (
    APIError,
    BadRequestError,
    UnprocessableEntityError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from axtasks_api_beta.operation import Operation, PreparedRequest

    from axtasks.contract.dialect import Dialect
    from axtasks.errors import AxError


class RequestEncoder:
    """Encodes one request in the dialect of the server, and switches to the other spelling if that is refused."""

    request: PreparedRequest

    def __init__(
        self, dialect: Dialect, operation: Operation[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> None:
        self.dialect = dialect
        self.operation = operation
        self.args = args
        self.kwargs = kwargs
        # The refusal of the first spelling, once the other is in use.
        self.refusal: APIError | None = None
        self._is_guess = False

    def needs_dialect(self) -> bool:
        """Return True if the request cannot be encoded before the dialect is detected."""
        return self.dialect.contract is None and depends_on_dialect(self.operation, self.args, self.kwargs)

    def encode(self) -> None:
        """Encode the request, or raise NotInContractError if the dialect in use lacks a part of it."""
        is_certain = self.dialect.is_certain
        self._is_guess = not is_certain and depends_on_dialect(self.operation, self.args, self.kwargs)
        self.request = self.dialect.encode(self.operation, self.args, self.kwargs)

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
        self.request = self.operation.encode(*self.args, **self.kwargs)
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
