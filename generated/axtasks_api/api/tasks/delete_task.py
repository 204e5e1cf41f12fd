# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ...dialect import DEFAULT_DIALECT
from ...operation import (
    Operation,
    PreparedRequest,
    Refusal,
    decode_nothing,
    exchange,
    exchange_async,
    path_segment,
)
from ...types import Response

if TYPE_CHECKING:
    from ...client import AuthenticatedClient, Client
    from ...problem import Problem


def _encode(
    task_id: str,
    *,
    dialect: str = DEFAULT_DIALECT,
) -> PreparedRequest:
    return PreparedRequest(
        operation_id="delete_task",
        method="DELETE",
        path=f"/v2/tasks/{path_segment(task_id, dialect)}",
    )


def _decode(status_code: int, headers: Mapping[str, str], content: bytes) -> None | Refusal:
    return decode_nothing(status_code, content)


operation = Operation("delete_task", method="DELETE", path="/v2/tasks/{task_id}", encode=_encode, decode=_decode)


def sync_detailed(
    task_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[None | Problem]:
    """Delete a task.

    Removes the task, its evaluator settings and its runs for good.

    Args:
        task_id: Identifier of the task (opaque base64).
    """
    return exchange(client, operation, _encode(task_id))


def sync(
    task_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> None | Problem | None:
    """Delete a task.

    Removes the task, its evaluator settings and its runs for good.

    Args:
        task_id: Identifier of the task (opaque base64).

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return sync_detailed(task_id, client=client).parsed


async def asyncio_detailed(
    task_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[None | Problem]:
    """Delete a task.

    Removes the task, its evaluator settings and its runs for good.

    Args:
        task_id: Identifier of the task (opaque base64).
    """
    return await exchange_async(client, operation, _encode(task_id))


async def asyncio(
    task_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> None | Problem | None:
    """Delete a task.

    Removes the task, its evaluator settings and its runs for good.

    Args:
        task_id: Identifier of the task (opaque base64).

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return (await asyncio_detailed(task_id, client=client)).parsed
