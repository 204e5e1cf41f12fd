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
    from ...models.evaluator_version import EvaluatorVersion
    from ...problem import Problem


def _encode(
    version_id: str,
    *,
    dialect: str = DEFAULT_DIALECT,
) -> PreparedRequest:
    return PreparedRequest(
        operation_id="get_evaluator_version",
        method="GET",
        path=f"/v2/evaluator-versions/{path_segment(version_id, dialect)}",
    )


def _decode(status_code: int, headers: Mapping[str, str], content: bytes) -> EvaluatorVersion | Refusal:
    from ...models.evaluator_version import EvaluatorVersion

    return decode_answer(status_code, content, EvaluatorVersion.from_dict)


operation = Operation(
    "get_evaluator_version", method="GET", path="/v2/evaluator-versions/{version_id}", encode=_encode, decode=_decode
)


def sync_detailed(
    version_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[EvaluatorVersion | Problem]:
    """Get a version of an evaluator.

    One version of an evaluator by its identifier.

    Args:
        version_id: Identifier of the version (opaque base64).
    """
    return exchange(client, operation, _encode(version_id))


def sync(
    version_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> EvaluatorVersion | Problem | None:
    """Get a version of an evaluator.

    One version of an evaluator by its identifier.

    Args:
        version_id: Identifier of the version (opaque base64).

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return sync_detailed(version_id, client=client).parsed


async def asyncio_detailed(
    version_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[EvaluatorVersion | Problem]:
    """Get a version of an evaluator.

    One version of an evaluator by its identifier.

    Args:
        version_id: Identifier of the version (opaque base64).
    """
    return await exchange_async(client, operation, _encode(version_id))


async def asyncio(
    version_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> EvaluatorVersion | Problem | None:
    """Get a version of an evaluator.

    One version of an evaluator by its identifier.

    Args:
        version_id: Identifier of the version (opaque base64).

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return (await asyncio_detailed(version_id, client=client)).parsed
