"""From an error to what a person reads on standard error, and to an exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axtasks import (
    AmbiguousNameError,
    AmbiguousOutcomeError,
    APIError,
    AuthenticationError,
    AxError,
    ConfigurationError,
    ConflictError,
    ConnectionFailedError,
    InvalidArgumentError,
    NotApplicableError,
    NotFoundError,
    NotInContractError,
    PermissionDeniedError,
    RateLimitError,
    ResolutionError,
    ResponseError,
    ResponseTooLargeError,
    RunTimeoutError,
    ServerError,
    SpaceRequiredError,
    TooManyPagesError,
    TransportError,
    UndecodableBodyError,
    UnknownNameError,
)

from .exits import Exit
from .masking import MASK, names_a_secret
from .telling import tell
from .values import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# What each kind of error exits with and what to do about it; the first kind that fits counts.
_KINDS: Sequence[tuple[type[AxError], Exit, str]] = (
    (
        ConfigurationError,
        Exit.UNEXPECTED,
        "Check the environment variables ARIZE_*, or the profile (`ax profiles show`).",
    ),
    (NotApplicableError, Exit.USAGE, "Nothing was changed. `ax tasks get` shows the task's type."),
    (
        NotInContractError,
        Exit.USAGE,
        "Nothing was changed. --contract says which dialect of the API the server speaks.",
    ),
    (InvalidArgumentError, Exit.USAGE, "Nothing was changed. `--help` shows what the command takes."),
    (SpaceRequiredError, Exit.USAGE, "Give --space, or the id instead of the name."),
    (AmbiguousNameError, Exit.REFUSED, "Give one of the ids instead of the name."),
    (UnknownNameError, Exit.REFUSED, "The `list` commands of `ax` show the names there are."),
    (ResolutionError, Exit.REFUSED, "Give the id or the name of the right thing."),
    (AuthenticationError, Exit.DENIED, "Check the API key: ARIZE_API_KEY, or the profile's."),
    (PermissionDeniedError, Exit.DENIED, "Ask for the permission, or use another API key."),
    (NotFoundError, Exit.REFUSED, "Check the id; what the key may not read looks the same as what is not there."),
    (ConflictError, Exit.REFUSED, "Choose another name."),
    (RateLimitError, Exit.REFUSED, "Wait, then try again."),
    (ServerError, Exit.REFUSED, "Try again later; look before repeating a command that changes something."),
    (APIError, Exit.REFUSED, "The detail says what the API does not accept."),
    (
        ResponseTooLargeError,
        Exit.UNEXPECTED,
        "Ask for less at once (--limit); what was to be changed was.",
    ),
    (TooManyPagesError, Exit.UNEXPECTED, "Narrow the list down, or go on from that cursor with --cursor."),
    (ResponseError, Exit.UNEXPECTED, "The server does not speak the contract; --verbose shows its answer."),
    (RunTimeoutError, Exit.WAIT_TIMEOUT, "Wait again with `ax tasks wait-for-run`, or give a longer --timeout."),
    (
        AmbiguousOutcomeError,
        Exit.NETWORK,
        "Look whether it happened, with the `get` and `list` commands, before doing it again.",
    ),
    (ConnectionFailedError, Exit.NETWORK, "Check the network and the server's address."),
    (TransportError, Exit.NETWORK, "Look before repeating a command that changes something: it may have happened."),
    (AxError, Exit.UNEXPECTED, "--debug shows where it happened."),
)
_SHOWN_HEADERS = ("content-type", "date", "retry-after", "server")


def report(error: AxError, *, verbose: bool) -> Exit:
    """Says on standard error what failed and what to do next; returns the exit code.

    Args:
        error: what happened.
        verbose: whether to add what was asked for and what came back.
    """
    code, advice = next((code, advice) for kind, code, advice in _KINDS if isinstance(error, kind))
    tell(f"Error: {escape(str(error))}")
    for note in getattr(error, "__notes__", ()):
        tell(escape(note))
    if verbose:
        for line in _details(error):
            tell(f"  {escape(line)}")
    tell(advice)
    return code


def _details(error: AxError) -> Iterator[str]:
    if isinstance(error, ResponseError):
        yield f"{error.method} {error.path} ({error.operation_id}) was answered with {error.status_code}"
        yield f"request id: {error.request_id or 'none'}"
        for name, value in error.headers.items():
            if name in _SHOWN_HEADERS or name.startswith("x-"):
                # As in x-auth-user and www-authenticate; a setting called author is no secret.
                is_secret = names_a_secret(name) or "auth" in name
                yield f"{name}: {MASK if is_secret else value}"
    if isinstance(error, APIError):
        problem = error.problem.to_dict() if error.problem else {}
        for name in [name for name in problem if name not in {"title", "detail", "status"}]:
            yield f"{name}: {problem[name]}"
        if error.problem is None and error.body:
            yield f"body: {error.body}"
    if isinstance(error, UndecodableBodyError):
        yield f"body: {error.body}"
    if isinstance(error, AmbiguousOutcomeError):
        yield f"{error.method} {error.path} ({error.operation_id}), attempts: {error.attempts}"
    if isinstance(error, TransportError):
        yield f"operation: {error.operation_id}"
