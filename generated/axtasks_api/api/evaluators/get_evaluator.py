# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ...dialect import DEFAULT_DIALECT
from ...operation import (
    Operation,
    PreparedRequest,
    Refusal,
    decode_answer,
    exchange,
    exchange_async,
    path_segment,
    query_pairs,
)
from ...types import UNSET, Response, Unset

if TYPE_CHECKING:
    from ...client import AuthenticatedClient, Client
    from ...models.evaluator import Evaluator
    from ...problem import Problem


def _encode(
    evaluator_id: str,
    *,
    version_id: str | Unset = UNSET,
    dialect: str = DEFAULT_DIALECT,
) -> PreparedRequest:
    return PreparedRequest(
        operation_id="get_evaluator",
        method="GET",
        path=f"/v2/evaluators/{path_segment(evaluator_id, dialect)}",
        query=query_pairs((("version_id", version_id),), dialect),
    )


def _decode(status_code: int, headers: Mapping[str, str], content: bytes) -> Evaluator | Refusal:
    from ...models.evaluator import Evaluator

    return decode_answer(status_code, content, Evaluator.from_dict)


operation = Operation(
    "get_evaluator", method="GET", path="/v2/evaluators/{evaluator_id}", encode=_encode, decode=_decode
)


def sync_detailed(
    evaluator_id: str,
    *,
    client: AuthenticatedClient | Client,
    version_id: str | Unset = UNSET,
) -> Response[Evaluator | Problem]:
    """Get an evaluator.

    One evaluator by its identifier.

    Args:
        evaluator_id: Identifier of the evaluator (opaque base64).
        version_id: Identifier of the evaluator version to show; the latest one when left out.
    """
    return exchange(client, operation, _encode(evaluator_id, version_id=version_id))


def sync(
    evaluator_id: str,
    *,
    client: AuthenticatedClient | Client,
    version_id: str | Unset = UNSET,
) -> Evaluator | Problem | None:
    """Get an evaluator.

    One evaluator by its identifier.

    Args:
        evaluator_id: Identifier of the evaluator (opaque base64).
        version_id: Identifier of the evaluator version to show; the latest one when left out.

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return sync_detailed(evaluator_id, client=client, version_id=version_id).parsed


async def asyncio_detailed(
    evaluator_id: str,
    *,
    client: AuthenticatedClient | Client,
    version_id: str | Unset = UNSET,
) -> Response[Evaluator | Problem]:
    """Get an evaluator.

    One evaluator by its identifier.

    Args:
        evaluator_id: Identifier of the evaluator (opaque base64).
        version_id: Identifier of the evaluator version to show; the latest one when left out.
    """
    return await exchange_async(client, operation, _encode(evaluator_id, version_id=version_id))


async def asyncio(
    evaluator_id: str,
    *,
    client: AuthenticatedClient | Client,
    version_id: str | Unset = UNSET,
) -> Evaluator | Problem | None:
    """Get an evaluator.

    One evaluator by its identifier.

    Args:
        evaluator_id: Identifier of the evaluator (opaque base64).
        version_id: Identifier of the evaluator version to show; the latest one when left out.

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return (await asyncio_detailed(evaluator_id, client=client, version_id=version_id)).parsed
