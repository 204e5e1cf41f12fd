"""From an answer as it came to the model in it, or to the error that stands for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from axtasks_api_beta.codec import DecodeError
from axtasks_api_beta.operation import SUCCESSES, Refusal

from .errors import UndecodableBodyError
from .refusals import api_error, excerpt

if TYPE_CHECKING:
    from datetime import datetime

    from axtasks_api_beta.operation import Operation

    from .config.credentials import Secret
    from .contract.dialect import Contract, Dialect
    from .effects import Attempt
    from .transport.models import Response

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Dated(NamedTuple, Generic[T_co]):
    """What an operation answered, and when by the clock of the server; None where it did not say."""

    value: T_co
    date: datetime | None


def read_answer(effect: Attempt[T], answer: Response, *, key: Secret, dialect: Dialect) -> T:
    """The model in an answer.

    Args:
        effect: what was asked for.
        answer: what came.
        key: the API key, which stays out of errors even where a server repeats it.
        dialect: which dialect the server speaks, or what learns it from the answer.

    Raises:
        APIError: the answer is not a success.
        UndecodableBodyError: it is one, but its body is not what the contract says.
        ContractViolationError: it is understood, but goes beyond the contract, and that is asked about.
    """
    operation = effect.operation
    if effect.on_answer is not None:
        effect.on_answer(answer)
    if answer.status_code not in SUCCESSES:
        answer = _without(key, answer)
    try:
        outcome = operation.decode(answer.status_code, answer.headers, answer.content)
    except DecodeError as error:
        reason = error
    else:
        if isinstance(outcome, Refusal):
            raise api_error(
                outcome.status_code,
                operation_id=operation.id,
                problem=outcome.problem,
                headers=answer.headers,
                content=answer.content,
            ).about(method=effect.request.method, path=effect.request.path, headers=answer.headers)
        if not dialect.is_certain:
            dialect.see(outcome.value if isinstance(outcome, Dated) else outcome, answer.content)
        if effect.strict:
            _check(effect, _without(key, answer), outcome, key=key, contract=dialect.contract)
        return outcome
    is_json, received = _is_json(answer.content), answer
    # Raised out here, and of this answer: where the key was repeated, the variables of whoever read it have it.
    answer = _without(key, received)
    if answer != received:
        reason = _reason_without_key(operation, answer)
    del received
    raise UndecodableBodyError(
        f"{operation.id} was answered with {answer.status_code}, but not as the contract says: {reason}",
        status_code=answer.status_code,
        operation_id=operation.id,
        request_id=answer.headers.get("x-request-id"),
        body=excerpt(answer.content),
        is_json=is_json,
    ).about(method=effect.request.method, path=effect.request.path, headers=answer.headers) from reason


def _check(effect: Attempt[T], answer: Response, outcome: T, *, key: Secret, contract: Contract | None) -> None:
    """Raises a ContractViolationError if the model has anything that the contract does not know."""
    from .contract.strict import violation

    found = violation(
        outcome,
        content=answer.content,
        contract=contract,
        hide=key.hidden_in_text,
        status_code=answer.status_code,
        operation_id=effect.operation.id,
        request_id=answer.headers.get("x-request-id"),
    )
    if found is not None:
        raise found.about(method=effect.request.method, path=effect.request.path, headers=answer.headers)


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return False
    return True


def _without(key: Secret, answer: Response) -> Response:
    """The answer without the key."""
    headers = {key.hidden_in_text(name): key.hidden_in_text(value) for name, value in answer.headers.items()}
    return answer._replace(headers=headers, content=key.hidden_in(answer.content))


def _reason_without_key(operation: Operation[Any, Any], answer: Response) -> DecodeError:
    """Why an answer cannot be read, told of the answer without the key: reasons quote the beginnings of values."""
    try:
        operation.decode(answer.status_code, answer.headers, answer.content)
    except DecodeError as error:
        return error
    return DecodeError("the API key stands where something else should")
