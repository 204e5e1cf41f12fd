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
    from ...models.ai_integration import AiIntegration
    from ...problem import Problem


def _encode(
    integration_id: str,
    *,
    dialect: str = DEFAULT_DIALECT,
) -> PreparedRequest:
    return PreparedRequest(
        operation_id="get_ai_integration",
        method="GET",
        path=f"/v2/ai-integrations/{path_segment(integration_id, dialect)}",
    )


def _decode(status_code: int, headers: Mapping[str, str], content: bytes) -> AiIntegration | Refusal:
    from ...models.ai_integration import AiIntegration

    return decode_answer(status_code, content, AiIntegration.from_dict)


operation = Operation(
    "get_ai_integration", method="GET", path="/v2/ai-integrations/{integration_id}", encode=_encode, decode=_decode
)


def sync_detailed(
    integration_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[AiIntegration | Problem]:
    """Get an AI integration.

    One AI integration by its identifier.

    Args:
        integration_id: Identifier of the integration (opaque base64).
    """
    return exchange(client, operation, _encode(integration_id))


def sync(
    integration_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> AiIntegration | Problem | None:
    """Get an AI integration.

    One AI integration by its identifier.

    Args:
        integration_id: Identifier of the integration (opaque base64).

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return sync_detailed(integration_id, client=client).parsed


async def asyncio_detailed(
    integration_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[AiIntegration | Problem]:
    """Get an AI integration.

    One AI integration by its identifier.

    Args:
        integration_id: Identifier of the integration (opaque base64).
    """
    return await exchange_async(client, operation, _encode(integration_id))


async def asyncio(
    integration_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> AiIntegration | Problem | None:
    """Get an AI integration.

    One AI integration by its identifier.

    Args:
        integration_id: Identifier of the integration (opaque base64).

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return (await asyncio_detailed(integration_id, client=client)).parsed
