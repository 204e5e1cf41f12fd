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
    from ...models.task import Task
    from ...problem import Problem


def _encode(
    task_id: str,
    *,
    dialect: str = DEFAULT_DIALECT,
) -> PreparedRequest:
    return PreparedRequest(
        operation_id="get_task",
        method="GET",
        path=f"/v2/tasks/{path_segment(task_id, dialect)}",
    )


def _decode(status_code: int, headers: Mapping[str, str], content: bytes) -> Task | Refusal:
    from ...models.task import Task

    return decode_answer(status_code, content, Task.from_dict)


operation = Operation("get_task", method="GET", path="/v2/tasks/{task_id}", encode=_encode, decode=_decode)


def sync_detailed(
    task_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[Task | Problem]:
    """Get a task.

    One task by its identifier. A task the caller may not read looks like a missing one.

    Args:
        task_id: Identifier of the task (opaque base64).
    """
    return exchange(client, operation, _encode(task_id))


def sync(
    task_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Task | Problem | None:
    """Get a task.

    One task by its identifier. A task the caller may not read looks like a missing one.

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
) -> Response[Task | Problem]:
    """Get a task.

    One task by its identifier. A task the caller may not read looks like a missing one.

    Args:
        task_id: Identifier of the task (opaque base64).
    """
    return await exchange_async(client, operation, _encode(task_id))


async def asyncio(
    task_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Task | Problem | None:
    """Get a task.

    One task by its identifier. A task the caller may not read looks like a missing one.

    Args:
        task_id: Identifier of the task (opaque base64).

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return (await asyncio_detailed(task_id, client=client)).parsed
