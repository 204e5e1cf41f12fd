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
)
from ...types import Response

if TYPE_CHECKING:
    from ...client import AuthenticatedClient, Client
    from ...models.space import Space
    from ...problem import Problem


def _encode(
    space_id: str,
    *,
    dialect: str = DEFAULT_DIALECT,
) -> PreparedRequest:
    return PreparedRequest(
        operation_id="get_space",
        method="GET",
        path=f"/v2/spaces/{path_segment(space_id, dialect)}",
    )


def _decode(status_code: int, headers: Mapping[str, str], content: bytes) -> Space | Refusal:
    from ...models.space import Space

    return decode_answer(status_code, content, Space.from_dict)


operation = Operation("get_space", method="GET", path="/v2/spaces/{space_id}", encode=_encode, decode=_decode)


def sync_detailed(
    space_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[Space | Problem]:
    """Get a space.

    One space by its identifier.

    Args:
        space_id: Identifier of the space (opaque base64).
    """
    return exchange(client, operation, _encode(space_id))


def sync(
    space_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Space | Problem | None:
    """Get a space.

    One space by its identifier.

    Args:
        space_id: Identifier of the space (opaque base64).

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return sync_detailed(space_id, client=client).parsed


async def asyncio_detailed(
    space_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[Space | Problem]:
    """Get a space.

    One space by its identifier.

    Args:
        space_id: Identifier of the space (opaque base64).
    """
    return await exchange_async(client, operation, _encode(space_id))


async def asyncio(
    space_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Space | Problem | None:
    """Get a space.

    One space by its identifier.

    Args:
        space_id: Identifier of the space (opaque base64).

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return (await asyncio_detailed(space_id, client=client)).parsed
