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
    from ...models.evaluator_version_list_response import EvaluatorVersionListResponse
    from ...problem import Problem


def _encode(
    evaluator_id: str,
    *,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    dialect: str = DEFAULT_DIALECT,
) -> PreparedRequest:
    return PreparedRequest(
        operation_id="list_evaluator_versions",
        method="GET",
        path=f"/v2/evaluators/{path_segment(evaluator_id, dialect)}/versions",
        query=query_pairs(
            (
                ("limit", limit),
                ("cursor", cursor),
            ),
            dialect,
        ),
    )


def _decode(status_code: int, headers: Mapping[str, str], content: bytes) -> EvaluatorVersionListResponse | Refusal:
    from ...models.evaluator_version_list_response import EvaluatorVersionListResponse

    return decode_answer(status_code, content, EvaluatorVersionListResponse.from_dict)


operation = Operation(
    "list_evaluator_versions",
    method="GET",
    path="/v2/evaluators/{evaluator_id}/versions",
    encode=_encode,
    decode=_decode,
)


def sync_detailed(
    evaluator_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> Response[EvaluatorVersionListResponse | Problem]:
    """List the versions of an evaluator.

    One page of the versions of an evaluator, newest first.

    Args:
        evaluator_id: Identifier of the evaluator (opaque base64).
        limit: The most items to put on one page.
        cursor: Cursor of the page, taken from `pagination.next_cursor` of the page before.
    """
    return exchange(client, operation, _encode(evaluator_id, limit=limit, cursor=cursor))


def sync(
    evaluator_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> EvaluatorVersionListResponse | Problem | None:
    """List the versions of an evaluator.

    One page of the versions of an evaluator, newest first.

    Args:
        evaluator_id: Identifier of the evaluator (opaque base64).
        limit: The most items to put on one page.
        cursor: Cursor of the page, taken from `pagination.next_cursor` of the page before.

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return sync_detailed(evaluator_id, client=client, limit=limit, cursor=cursor).parsed


async def asyncio_detailed(
    evaluator_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> Response[EvaluatorVersionListResponse | Problem]:
    """List the versions of an evaluator.

    One page of the versions of an evaluator, newest first.

    Args:
        evaluator_id: Identifier of the evaluator (opaque base64).
        limit: The most items to put on one page.
        cursor: Cursor of the page, taken from `pagination.next_cursor` of the page before.
    """
    return await exchange_async(client, operation, _encode(evaluator_id, limit=limit, cursor=cursor))


async def asyncio(
    evaluator_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> EvaluatorVersionListResponse | Problem | None:
    """List the versions of an evaluator.

    One page of the versions of an evaluator, newest first.

    Args:
        evaluator_id: Identifier of the evaluator (opaque base64).
        limit: The most items to put on one page.
        cursor: Cursor of the page, taken from `pagination.next_cursor` of the page before.

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return (await asyncio_detailed(evaluator_id, client=client, limit=limit, cursor=cursor)).parsed
