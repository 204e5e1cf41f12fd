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
    from ...models.prompt_version_list_response import PromptVersionListResponse
    from ...problem import Problem


def _encode(
    prompt_id: str,
    *,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    dialect: str = DEFAULT_DIALECT,
) -> PreparedRequest:
    return PreparedRequest(
        operation_id="list_prompt_versions",
        method="GET",
        path=f"/v2/prompts/{path_segment(prompt_id, dialect)}/versions",
        query=query_pairs(
            (
                ("limit", limit),
                ("cursor", cursor),
            ),
            dialect,
        ),
    )


def _decode(status_code: int, headers: Mapping[str, str], content: bytes) -> PromptVersionListResponse | Refusal:
    from ...models.prompt_version_list_response import PromptVersionListResponse

    return decode_answer(status_code, content, PromptVersionListResponse.from_dict)


operation = Operation(
    "list_prompt_versions", method="GET", path="/v2/prompts/{prompt_id}/versions", encode=_encode, decode=_decode
)


def sync_detailed(
    prompt_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> Response[PromptVersionListResponse | Problem]:
    """List the versions of a prompt.

    One page of the versions of a prompt, newest first.

    Args:
        prompt_id: Identifier of the prompt (opaque base64).
        limit: The most items to put on one page.
        cursor: Cursor of the page, taken from `pagination.next_cursor` of the page before.
    """
    return exchange(client, operation, _encode(prompt_id, limit=limit, cursor=cursor))


def sync(
    prompt_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> PromptVersionListResponse | Problem | None:
    """List the versions of a prompt.

    One page of the versions of a prompt, newest first.

    Args:
        prompt_id: Identifier of the prompt (opaque base64).
        limit: The most items to put on one page.
        cursor: Cursor of the page, taken from `pagination.next_cursor` of the page before.

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return sync_detailed(prompt_id, client=client, limit=limit, cursor=cursor).parsed


async def asyncio_detailed(
    prompt_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> Response[PromptVersionListResponse | Problem]:
    """List the versions of a prompt.

    One page of the versions of a prompt, newest first.

    Args:
        prompt_id: Identifier of the prompt (opaque base64).
        limit: The most items to put on one page.
        cursor: Cursor of the page, taken from `pagination.next_cursor` of the page before.
    """
    return await exchange_async(client, operation, _encode(prompt_id, limit=limit, cursor=cursor))


async def asyncio(
    prompt_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> PromptVersionListResponse | Problem | None:
    """List the versions of a prompt.

    One page of the versions of a prompt, newest first.

    Args:
        prompt_id: Identifier of the prompt (opaque base64).
        limit: The most items to put on one page.
        cursor: Cursor of the page, taken from `pagination.next_cursor` of the page before.

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return (await asyncio_detailed(prompt_id, client=client, limit=limit, cursor=cursor)).parsed
