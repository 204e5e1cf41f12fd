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
from ...types import UNSET, Response, Unset

if TYPE_CHECKING:
    from ...client import AuthenticatedClient, Client
    from ...models.task_run import TaskRun
    from ...models.trigger_evaluation_task_run_request import TriggerEvaluationTaskRunRequest
    from ...models.trigger_run_experiment_task_run_request import TriggerRunExperimentTaskRunRequest
    from ...problem import Problem


def _encode(
    task_id: str,
    *,
    body: TriggerEvaluationTaskRunRequest | TriggerRunExperimentTaskRunRequest | Unset = UNSET,
    dialect: str = DEFAULT_DIALECT,
) -> PreparedRequest:
    return PreparedRequest(
        operation_id="trigger_task_run",
        method="POST",
        path=f"/v2/tasks/{path_segment(task_id, dialect)}/trigger",
        body=request_body(body, dialect),
    )


def _decode(status_code: int, headers: Mapping[str, str], content: bytes) -> TaskRun | Refusal:
    from ...models.task_run import TaskRun

    return decode_answer(status_code, content, TaskRun.from_dict)


operation = Operation(
    "trigger_task_run", method="POST", path="/v2/tasks/{task_id}/trigger", encode=_encode, decode=_decode
)


def sync_detailed(
    task_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: TriggerEvaluationTaskRunRequest | TriggerRunExperimentTaskRunRequest | Unset = UNSET,
) -> Response[TaskRun | Problem]:
    """Trigger a run of a task.

    Queues a run and returns it in status pending. The server looks the task's type up and takes only the
    fields of that type. An evaluation task needs no body at all; a run_experiment task needs an experiment
    name.

    Args:
        task_id: Identifier of the task (opaque base64).
        body: The data that a run covers; the server picks the shape by the task's type.
    """
    return exchange(client, operation, _encode(task_id, body=body))


def sync(
    task_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: TriggerEvaluationTaskRunRequest | TriggerRunExperimentTaskRunRequest | Unset = UNSET,
) -> TaskRun | Problem | None:
    """Trigger a run of a task.

    Queues a run and returns it in status pending. The server looks the task's type up and takes only the
    fields of that type. An evaluation task needs no body at all; a run_experiment task needs an experiment
    name.

    Args:
        task_id: Identifier of the task (opaque base64).
        body: The data that a run covers; the server picks the shape by the task's type.

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return sync_detailed(task_id, client=client, body=body).parsed


async def asyncio_detailed(
    task_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: TriggerEvaluationTaskRunRequest | TriggerRunExperimentTaskRunRequest | Unset = UNSET,
) -> Response[TaskRun | Problem]:
    """Trigger a run of a task.

    Queues a run and returns it in status pending. The server looks the task's type up and takes only the
    fields of that type. An evaluation task needs no body at all; a run_experiment task needs an experiment
    name.

    Args:
        task_id: Identifier of the task (opaque base64).
        body: The data that a run covers; the server picks the shape by the task's type.
    """
    return await exchange_async(client, operation, _encode(task_id, body=body))


async def asyncio(
    task_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: TriggerEvaluationTaskRunRequest | TriggerRunExperimentTaskRunRequest | Unset = UNSET,
) -> TaskRun | Problem | None:
    """Trigger a run of a task.

    Queues a run and returns it in status pending. The server looks the task's type up and takes only the
    fields of that type. An evaluation task needs no body at all; a run_experiment task needs an experiment
    name.

    Args:
        task_id: Identifier of the task (opaque base64).
        body: The data that a run covers; the server picks the shape by the task's type.

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return (await asyncio_detailed(task_id, client=client, body=body)).parsed
