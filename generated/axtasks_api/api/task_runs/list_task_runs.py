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
    from ...models.task_run_list_response import TaskRunListResponse
    from ...models.task_run_status import TaskRunStatus
    from ...problem import Problem


def _encode(
    task_id: str,
    *,
    status: TaskRunStatus | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    dialect: str = DEFAULT_DIALECT,
) -> PreparedRequest:
    return PreparedRequest(
        operation_id="list_task_runs",
        method="GET",
        path=f"/v2/tasks/{path_segment(task_id, dialect)}/runs",
        query=query_pairs(
            (
                ("status", status),
                ("limit", limit),
                ("cursor", cursor),
            ),
            dialect,
        ),
    )


def _decode(status_code: int, headers: Mapping[str, str], content: bytes) -> TaskRunListResponse | Refusal:
    from ...models.task_run_list_response import TaskRunListResponse

    return decode_answer(status_code, content, TaskRunListResponse.from_dict)


operation = Operation("list_task_runs", method="GET", path="/v2/tasks/{task_id}/runs", encode=_encode, decode=_decode)


def sync_detailed(
    task_id: str,
    *,
    client: AuthenticatedClient | Client,
    status: TaskRunStatus | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> Response[TaskRunListResponse | Problem]:
    """List the runs of a task.

    One page of a task's runs, newest first.

    Args:
        task_id: Identifier of the task (opaque base64).
        status: State of a run: `PENDING` is queued, `RUNNING` is at work, `COMPLETED` ended well, `FAILED` stopped on
            an error, `CANCELLED` ended before it was complete. The last three are final.
        limit: The most items to put on one page.
        cursor: Cursor of the page, taken from `pagination.next_cursor` of the page before.
    """
    return exchange(client, operation, _encode(task_id, status=status, limit=limit, cursor=cursor))


def sync(
    task_id: str,
    *,
    client: AuthenticatedClient | Client,
    status: TaskRunStatus | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> TaskRunListResponse | Problem | None:
    """List the runs of a task.

    One page of a task's runs, newest first.

    Args:
        task_id: Identifier of the task (opaque base64).
        status: State of a run: `PENDING` is queued, `RUNNING` is at work, `COMPLETED` ended well, `FAILED` stopped on
            an error, `CANCELLED` ended before it was complete. The last three are final.
        limit: The most items to put on one page.
        cursor: Cursor of the page, taken from `pagination.next_cursor` of the page before.

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return sync_detailed(task_id, client=client, status=status, limit=limit, cursor=cursor).parsed


async def asyncio_detailed(
    task_id: str,
    *,
    client: AuthenticatedClient | Client,
    status: TaskRunStatus | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> Response[TaskRunListResponse | Problem]:
    """List the runs of a task.

    One page of a task's runs, newest first.

    Args:
        task_id: Identifier of the task (opaque base64).
        status: State of a run: `PENDING` is queued, `RUNNING` is at work, `COMPLETED` ended well, `FAILED` stopped on
            an error, `CANCELLED` ended before it was complete. The last three are final.
        limit: The most items to put on one page.
        cursor: Cursor of the page, taken from `pagination.next_cursor` of the page before.
    """
    return await exchange_async(client, operation, _encode(task_id, status=status, limit=limit, cursor=cursor))


async def asyncio(
    task_id: str,
    *,
    client: AuthenticatedClient | Client,
    status: TaskRunStatus | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> TaskRunListResponse | Problem | None:
    """List the runs of a task.

    One page of a task's runs, newest first.

    Args:
        task_id: Identifier of the task (opaque base64).
        status: State of a run: `PENDING` is queued, `RUNNING` is at work, `COMPLETED` ended well, `FAILED` stopped on
            an error, `CANCELLED` ended before it was complete. The last three are final.
        limit: The most items to put on one page.
        cursor: Cursor of the page, taken from `pagination.next_cursor` of the page before.

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return (await asyncio_detailed(task_id, client=client, status=status, limit=limit, cursor=cursor)).parsed
