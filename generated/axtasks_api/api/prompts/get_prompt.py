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
    from ...models.prompt import Prompt
    from ...problem import Problem


def _encode(
    prompt_id: str,
    *,
    version_id: str | Unset = UNSET,
    label: str | Unset = UNSET,
    dialect: str = DEFAULT_DIALECT,
) -> PreparedRequest:
    return PreparedRequest(
        operation_id="get_prompt",
        method="GET",
        path=f"/v2/prompts/{path_segment(prompt_id, dialect)}",
        query=query_pairs(
            (
                ("version_id", version_id),
                ("label", label),
            ),
            dialect,
        ),
    )


def _decode(status_code: int, headers: Mapping[str, str], content: bytes) -> Prompt | Refusal:
    from ...models.prompt import Prompt

    return decode_answer(status_code, content, Prompt.from_dict)


operation = Operation("get_prompt", method="GET", path="/v2/prompts/{prompt_id}", encode=_encode, decode=_decode)


def sync_detailed(
    prompt_id: str,
    *,
    client: AuthenticatedClient | Client,
    version_id: str | Unset = UNSET,
    label: str | Unset = UNSET,
) -> Response[Prompt | Problem]:
    """Get a prompt.

    One prompt by its identifier.

    Args:
        prompt_id: Identifier of the prompt (opaque base64).
        version_id: Identifier of the prompt version to show; the latest one when left out.
        label: Show the version that bears this label.
    """
    return exchange(client, operation, _encode(prompt_id, version_id=version_id, label=label))


def sync(
    prompt_id: str,
    *,
    client: AuthenticatedClient | Client,
    version_id: str | Unset = UNSET,
    label: str | Unset = UNSET,
) -> Prompt | Problem | None:
    """Get a prompt.

    One prompt by its identifier.

    Args:
        prompt_id: Identifier of the prompt (opaque base64).
        version_id: Identifier of the prompt version to show; the latest one when left out.
        label: Show the version that bears this label.

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return sync_detailed(prompt_id, client=client, version_id=version_id, label=label).parsed


async def asyncio_detailed(
    prompt_id: str,
    *,
    client: AuthenticatedClient | Client,
    version_id: str | Unset = UNSET,
    label: str | Unset = UNSET,
) -> Response[Prompt | Problem]:
    """Get a prompt.

    One prompt by its identifier.

    Args:
        prompt_id: Identifier of the prompt (opaque base64).
        version_id: Identifier of the prompt version to show; the latest one when left out.
        label: Show the version that bears this label.
    """
    return await exchange_async(client, operation, _encode(prompt_id, version_id=version_id, label=label))


async def asyncio(
    prompt_id: str,
    *,
    client: AuthenticatedClient | Client,
    version_id: str | Unset = UNSET,
    label: str | Unset = UNSET,
) -> Prompt | Problem | None:
    """Get a prompt.

    One prompt by its identifier.

    Args:
        prompt_id: Identifier of the prompt (opaque base64).
        version_id: Identifier of the prompt version to show; the latest one when left out.
        label: Show the version that bears this label.

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return (await asyncio_detailed(prompt_id, client=client, version_id=version_id, label=label)).parsed
