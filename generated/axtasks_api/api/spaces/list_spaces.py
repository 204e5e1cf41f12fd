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
    from ...models.space_list_response import SpaceListResponse
    from ...problem import Problem


def _encode(
    *,
    org_id: str | Unset = UNSET,
    name: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    dialect: str = DEFAULT_DIALECT,
) -> PreparedRequest:
    return PreparedRequest(
        operation_id="list_spaces",
        method="GET",
        path="/v2/spaces",
        query=query_pairs(
            (
                ("org_id", org_id),
                ("name", name),
                ("limit", limit),
                ("cursor", cursor),
            ),
            dialect,
        ),
    )


def _decode(status_code: int, headers: Mapping[str, str], content: bytes) -> SpaceListResponse | Refusal:
    from ...models.space_list_response import SpaceListResponse

    return decode_answer(status_code, content, SpaceListResponse.from_dict)


operation = Operation("list_spaces", method="GET", path="/v2/spaces", encode=_encode, decode=_decode)


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    org_id: str | Unset = UNSET,
    name: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> Response[SpaceListResponse | Problem]:
    """List spaces.

    One page of the spaces the caller can read. Filters are combined.

    Args:
        org_id: Only spaces of this organization.
        name: Only what has this text in its name, in any case.
        limit: The most items to put on one page.
        cursor: Cursor of the page, taken from `pagination.next_cursor` of the page before.
    """
    return exchange(client, operation, _encode(org_id=org_id, name=name, limit=limit, cursor=cursor))


def sync(
    *,
    client: AuthenticatedClient | Client,
    org_id: str | Unset = UNSET,
    name: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> SpaceListResponse | Problem | None:
    """List spaces.

    One page of the spaces the caller can read. Filters are combined.

    Args:
        org_id: Only spaces of this organization.
        name: Only what has this text in its name, in any case.
        limit: The most items to put on one page.
        cursor: Cursor of the page, taken from `pagination.next_cursor` of the page before.

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return sync_detailed(client=client, org_id=org_id, name=name, limit=limit, cursor=cursor).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    org_id: str | Unset = UNSET,
    name: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> Response[SpaceListResponse | Problem]:
    """List spaces.

    One page of the spaces the caller can read. Filters are combined.

    Args:
        org_id: Only spaces of this organization.
        name: Only what has this text in its name, in any case.
        limit: The most items to put on one page.
        cursor: Cursor of the page, taken from `pagination.next_cursor` of the page before.
    """
    return await exchange_async(client, operation, _encode(org_id=org_id, name=name, limit=limit, cursor=cursor))


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    org_id: str | Unset = UNSET,
    name: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> SpaceListResponse | Problem | None:
    """List spaces.

    One page of the spaces the caller can read. Filters are combined.

    Args:
        org_id: Only spaces of this organization.
        name: Only what has this text in its name, in any case.
        limit: The most items to put on one page.
        cursor: Cursor of the page, taken from `pagination.next_cursor` of the page before.

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return (await asyncio_detailed(client=client, org_id=org_id, name=name, limit=limit, cursor=cursor)).parsed
