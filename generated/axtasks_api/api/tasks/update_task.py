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
    request_body,
)
from ...types import Response

if TYPE_CHECKING:
    from ...client import AuthenticatedClient, Client
    from ...models.task import Task
    from ...models.update_evaluation_task_request import UpdateEvaluationTaskRequest
    from ...models.update_run_experiment_task_request import UpdateRunExperimentTaskRequest
    from ...problem import Problem


def _encode(
    task_id: str,
    *,
    body: UpdateEvaluationTaskRequest | UpdateRunExperimentTaskRequest,
    dialect: str = DEFAULT_DIALECT,
) -> PreparedRequest:
    return PreparedRequest(
        operation_id="update_task",
        method="PATCH",
        path=f"/v2/tasks/{path_segment(task_id, dialect)}",
        body=request_body(body, dialect),
    )


def _decode(status_code: int, headers: Mapping[str, str], content: bytes) -> Task | Refusal:
    from ...models.task import Task

    return decode_answer(status_code, content, Task.from_dict)


operation = Operation("update_task", method="PATCH", path="/v2/tasks/{task_id}", encode=_encode, decode=_decode)


def sync_detailed(
    task_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: UpdateEvaluationTaskRequest | UpdateRunExperimentTaskRequest,
) -> Response[Task | Problem]:
    """Update a task.

    Changes the fields that are sent and leaves all others alone. The server looks the task's type up and
    takes only the fields of that type. Lists and run configurations are replaced whole.

    Args:
        task_id: Identifier of the task (opaque base64).
        body: Fields to change; the server picks the shape by the task's type.
    """
    return exchange(client, operation, _encode(task_id, body=body))


def sync(
    task_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: UpdateEvaluationTaskRequest | UpdateRunExperimentTaskRequest,
) -> Task | Problem | None:
    """Update a task.

    Changes the fields that are sent and leaves all others alone. The server looks the task's type up and
    takes only the fields of that type. Lists and run configurations are replaced whole.

    Args:
        task_id: Identifier of the task (opaque base64).
        body: Fields to change; the server picks the shape by the task's type.

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return sync_detailed(task_id, client=client, body=body).parsed


async def asyncio_detailed(
    task_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: UpdateEvaluationTaskRequest | UpdateRunExperimentTaskRequest,
) -> Response[Task | Problem]:
    """Update a task.

    Changes the fields that are sent and leaves all others alone. The server looks the task's type up and
    takes only the fields of that type. Lists and run configurations are replaced whole.

    Args:
        task_id: Identifier of the task (opaque base64).
        body: Fields to change; the server picks the shape by the task's type.
    """
    return await exchange_async(client, operation, _encode(task_id, body=body))


async def asyncio(
    task_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: UpdateEvaluationTaskRequest | UpdateRunExperimentTaskRequest,
) -> Task | Problem | None:
    """Update a task.

    Changes the fields that are sent and leaves all others alone. The server looks the task's type up and
    takes only the fields of that type. Lists and run configurations are replaced whole.

    Args:
        task_id: Identifier of the task (opaque base64).
        body: Fields to change; the server picks the shape by the task's type.

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return (await asyncio_detailed(task_id, client=client, body=body)).parsed
