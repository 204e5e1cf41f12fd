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
    query_pairs,
)
from ...types import UNSET, Response, Unset

if TYPE_CHECKING:
    from ...client import AuthenticatedClient, Client
    from ...models.dataset_list_response import DatasetListResponse
    from ...problem import Problem


def _encode(
    *,
    space_id: str | Unset = UNSET,
    space_name: str | Unset = UNSET,
    name: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    dialect: str = DEFAULT_DIALECT,
) -> PreparedRequest:
    return PreparedRequest(
        operation_id="list_datasets",
        method="GET",
        path="/v2/datasets",
        query=query_pairs(
            (
                ("space_id", space_id),
                ("space_name", space_name),
                ("name", name),
                ("limit", limit),
                ("cursor", cursor),
            ),
            dialect,
        ),
    )


def _decode(status_code: int, headers: Mapping[str, str], content: bytes) -> DatasetListResponse | Refusal:
    from ...models.dataset_list_response import DatasetListResponse

    return decode_answer(status_code, content, DatasetListResponse.from_dict)


operation = Operation("list_datasets", method="GET", path="/v2/datasets", encode=_encode, decode=_decode)


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    space_id: str | Unset = UNSET,
    space_name: str | Unset = UNSET,
    name: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> Response[DatasetListResponse | Problem]:
    """List datasets.

    One page of the datasets the caller can read. Datasets come newest first, without their versions.

    Args:
        space_id: Only what belongs to this space.
        space_name: Only what belongs to a space whose name contains this text, in any case. It may match several spaces.
        name: Only what has this text in its name, in any case.
        limit: The most items to put on one page.
        cursor: Cursor of the page, taken from `pagination.next_cursor` of the page before.
    """
    return exchange(
        client, operation, _encode(space_id=space_id, space_name=space_name, name=name, limit=limit, cursor=cursor)
    )


def sync(
    *,
    client: AuthenticatedClient | Client,
    space_id: str | Unset = UNSET,
    space_name: str | Unset = UNSET,
    name: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> DatasetListResponse | Problem | None:
    """List datasets.

    One page of the datasets the caller can read. Datasets come newest first, without their versions.

    Args:
        space_id: Only what belongs to this space.
        space_name: Only what belongs to a space whose name contains this text, in any case. It may match several spaces.
        name: Only what has this text in its name, in any case.
        limit: The most items to put on one page.
        cursor: Cursor of the page, taken from `pagination.next_cursor` of the page before.

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return sync_detailed(
        client=client, space_id=space_id, space_name=space_name, name=name, limit=limit, cursor=cursor
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    space_id: str | Unset = UNSET,
    space_name: str | Unset = UNSET,
    name: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> Response[DatasetListResponse | Problem]:
    """List datasets.

    One page of the datasets the caller can read. Datasets come newest first, without their versions.

    Args:
        space_id: Only what belongs to this space.
        space_name: Only what belongs to a space whose name contains this text, in any case. It may match several spaces.
        name: Only what has this text in its name, in any case.
        limit: The most items to put on one page.
        cursor: Cursor of the page, taken from `pagination.next_cursor` of the page before.
    """
    return await exchange_async(
        client, operation, _encode(space_id=space_id, space_name=space_name, name=name, limit=limit, cursor=cursor)
    )


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    space_id: str | Unset = UNSET,
    space_name: str | Unset = UNSET,
    name: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> DatasetListResponse | Problem | None:
    """List datasets.

    One page of the datasets the caller can read. Datasets come newest first, without their versions.

    Args:
        space_id: Only what belongs to this space.
        space_name: Only what belongs to a space whose name contains this text, in any case. It may match several spaces.
        name: Only what has this text in its name, in any case.
        limit: The most items to put on one page.
        cursor: Cursor of the page, taken from `pagination.next_cursor` of the page before.

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return (
        await asyncio_detailed(
            client=client, space_id=space_id, space_name=space_name, name=name, limit=limit, cursor=cursor
        )
    ).parsed
