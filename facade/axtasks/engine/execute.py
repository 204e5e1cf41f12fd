"""Execute the flow of a whole call: policy, name cache, strict checks and tracing."""

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

from .attempts import Call, StaleCacheError, apply_policy

if TYPE_CHECKING:
    from collections.abc import Callable

    from .context import ClientContext
    from .effects import Flow

R = TypeVar("R")
T = TypeVar("T")

# Errors that a cached id may have caused, since its name belongs to another resource by now. No write was carried out.
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
    """Turn an iterator into a list, so that a call can be restarted with it."""
    return list(value) if isinstance(value, Iterator) else value


def execute(context: ClientContext, steps: Flow[R], *, restart: Callable[[], Flow[R]] | None = None) -> Flow[R]:
    """Run the flow of a method under the client's policy, with strict checks and tracing where they are on.

    Args:
        context: what the flows of the client share.
        steps: the flow.
        restart: makes the flow anew; without it the call uses no cached ids.
    """
    call = Call(context, uses_cache=restart is not None)
    flow = apply_policy(call, steps) if restart is None else _retry_without_cache(call, steps, restart)
    if context.strict:
        flow = check_strictly(call, flow)
    if context.tracing is not None:
        flow = context.tracing.call(flow, getattr(steps, "__name__", "call"))
    return flow


def check_strictly(call: Call, steps: Flow[R]) -> Flow[R]:
    """Run the flow of a whole call, and raise ContractViolationError if a response went beyond the contract.

    A read raises it at once. A write was carried out, so the flow first does the rest, such as logging the run it
    triggered. Retries and probes use a refusal as it is; it is checked last.
    """
    try:
        result = yield from steps
    except APIError as error:
        from axtasks.contract.strict import contract_violation

        violation = contract_violation(
            error.problem,
            contract=call.context.dialect.contract,
            hide=call.context.settings.api_key.redact_text,
            status_code=error.status_code,
            operation_id=error.operation_id,
            request_id=error.request_id,
        )
        if violation is None:
            raise
        raise violation.about(method=error.method, path=error.path, headers=error.headers) from error
    if call.violation is not None:
        raise call.violation
    return result


def _retry_without_cache(call: Call, steps: Flow[R], restart: Callable[[], Flow[R]]) -> Flow[R]:
    """Run a flow under the policy; if it fails after using cached ids, run it once more without the cache."""
    try:
        return (yield from apply_policy(call, steps))
    except _REFUSALS:
        if not call.cache_use.can_retry:
            raise
    call.cache_use.bypass()
    return (yield from apply_policy(call, restart()))
