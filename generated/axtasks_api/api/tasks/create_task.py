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
    request_body,
)
from ...types import Response

if TYPE_CHECKING:
    from ...client import AuthenticatedClient, Client
    from ...models.create_code_evaluation_task_request import CreateCodeEvaluationTaskRequest
    from ...models.create_run_experiment_task_request import CreateRunExperimentTaskRequest
    from ...models.create_template_evaluation_task_request import CreateTemplateEvaluationTaskRequest
    from ...models.task import Task
    from ...problem import Problem


def _encode(
    *,
    body: CreateTemplateEvaluationTaskRequest | CreateCodeEvaluationTaskRequest | CreateRunExperimentTaskRequest,
    dialect: str = DEFAULT_DIALECT,
) -> PreparedRequest:
    return PreparedRequest(
        operation_id="create_task",
        method="POST",
        path="/v2/tasks",
        body=request_body(body, dialect),
    )


def _decode(status_code: int, headers: Mapping[str, str], content: bytes) -> Task | Refusal:
    from ...models.task import Task

    return decode_answer(status_code, content, Task.from_dict)


operation = Operation("create_task", method="POST", path="/v2/tasks", encode=_encode, decode=_decode)


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: CreateTemplateEvaluationTaskRequest | CreateCodeEvaluationTaskRequest | CreateRunExperimentTaskRequest,
) -> Response[Task | Problem]:
    """Create a task.

    Creates an evaluation task or a run_experiment task; `type` says which. An evaluation task takes exactly
    one of a project and a dataset, and with a dataset at least one experiment. A run_experiment task takes
    a dataset and a run configuration, never runs by itself, and has to be triggered each time.

    Args:
        body: A task to create; `type` tells which kind.
    """
    return exchange(client, operation, _encode(body=body))


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: CreateTemplateEvaluationTaskRequest | CreateCodeEvaluationTaskRequest | CreateRunExperimentTaskRequest,
) -> Task | Problem | None:
    """Create a task.

    Creates an evaluation task or a run_experiment task; `type` says which. An evaluation task takes exactly
    one of a project and a dataset, and with a dataset at least one experiment. A run_experiment task takes
    a dataset and a run configuration, never runs by itself, and has to be triggered each time.

    Args:
        body: A task to create; `type` tells which kind.

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return sync_detailed(client=client, body=body).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: CreateTemplateEvaluationTaskRequest | CreateCodeEvaluationTaskRequest | CreateRunExperimentTaskRequest,
) -> Response[Task | Problem]:
    """Create a task.

    Creates an evaluation task or a run_experiment task; `type` says which. An evaluation task takes exactly
    one of a project and a dataset, and with a dataset at least one experiment. A run_experiment task takes
    a dataset and a run configuration, never runs by itself, and has to be triggered each time.

    Args:
        body: A task to create; `type` tells which kind.
    """
    return await exchange_async(client, operation, _encode(body=body))


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: CreateTemplateEvaluationTaskRequest | CreateCodeEvaluationTaskRequest | CreateRunExperimentTaskRequest,
) -> Task | Problem | None:
    """Create a task.

    Creates an evaluation task or a run_experiment task; `type` says which. An evaluation task takes exactly
    one of a project and a dataset, and with a dataset at least one experiment. A run_experiment task takes
    a dataset and a run configuration, never runs by itself, and has to be triggered each time.

    Args:
        body: A task to create; `type` tells which kind.

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return (await asyncio_detailed(client=client, body=body)).parsed
