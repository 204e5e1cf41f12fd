"""Execute the flow of a whole call: its policy, its cache of names, strict checks and tracing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeVar

from axtasks.errors import (
    APIError,
    BadRequestError,
    ConflictError,
    InvalidArgumentError,
    NotFoundError,
    PermissionDeniedError,
    ResolutionError,
    UnprocessableEntityError,
)

from .attempts import CacheUse, Call, StaleCacheError, apply_policy

if TYPE_CHECKING:
    from collections.abc import Callable

    from .context import ClientContext
    from .effects import Flow

R = TypeVar("R")
T = TypeVar("T")

# What a call may end with because a name leads elsewhere by now. After none of them anything was done.
_REFUSALS = (
    BadRequestError,
    PermissionDeniedError,
    NotFoundError,
    ConflictError,
    UnprocessableEntityError,
    InvalidArgumentError,
    ResolutionError,
    StaleCacheError,
)


def reusable(value: T) -> T | list[object]:
    """The value, or a list of what is left where it can be gone through only once: a call may be begun anew."""
    return list(value) if isinstance(value, Iterator) else value


def execute(context: ClientContext, steps: Flow[R], *, again: Callable[[], Flow[R]] | None = None) -> Flow[R]:
    """The flow, with its requests carried out under the client's policy, and strict and traced where it asks for that.

    Args:
        context: what the flows of the client share.
        steps: the flow of a method.
        again: makes the flow once more; without it the call takes no names from memory.
    """
    if again is None:
        call = Call(context)
        flow = apply_policy(call, steps)
    else:
        cache_use = CacheUse()
        call = Call(context, cache_use=cache_use)
        flow = _retry_without_cache(call, cache_use, steps, again)
    if context.strict:
        flow = check_strictly(call, flow)
    if context.tracing is not None:
        flow = context.tracing.call(flow, getattr(steps, "__name__", "call"))
    return flow


def check_strictly(call: Call, steps: Flow[R]) -> Flow[R]:
    """The flow of a whole call, which ends with an error if an answer went beyond the contract.

    Reads that do so end it themselves. A write is done by then: the flow first does what else it has to, such as
    remembering the run it triggered. A refusal has its say in retrying and recovering, and is judged last.

    Args:
        call: the call it belongs to.
        steps: its flow.

    Raises:
        ContractViolationError: an answer went beyond the contract.
    """
    try:
        result = yield from steps
    except APIError as error:
        from axtasks.contract.strict import contract_violation

        found = contract_violation(
            error.problem,
            contract=call.context.dialect.contract,
            hide=call.context.settings.api_key.redact_text,
            status_code=error.status_code,
            operation_id=error.operation_id,
            request_id=error.request_id,
        )
        if found is None:
            raise
        raise found.about(method=error.method, path=error.path, headers=error.headers) from error
    if call.violation is not None:
        raise call.violation
    return result


def _retry_without_cache(call: Call, cache_use: CacheUse, steps: Flow[R], again: Callable[[], Flow[R]]) -> Flow[R]:
    """The flow, governed; begun anew, with all names looked up, where it went by remembered ones and was refused.

    Args:
        call: the call it belongs to.
        cache_use: what the call takes from memory.
        steps: the flow.
        again: makes it once more.
    """
    try:
        return (yield from apply_policy(call, steps))
    except _REFUSALS:
        if not cache_use.may_mislead:
            raise
    cache_use.drop()
    return (yield from apply_policy(call, again()))
