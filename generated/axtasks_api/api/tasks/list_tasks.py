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
    query_pairs,
)
from ...types import UNSET, Response, Unset

if TYPE_CHECKING:
    from ...client import AuthenticatedClient, Client
    from ...models.task_list_response import TaskListResponse
    from ...models.task_type import TaskType
    from ...problem import Problem


def _encode(
    *,
    space_id: str | Unset = UNSET,
    space_name: str | Unset = UNSET,
    name: str | Unset = UNSET,
    project_id: str | Unset = UNSET,
    dataset_id: str | Unset = UNSET,
    type_: TaskType | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    dialect: str = DEFAULT_DIALECT,
) -> PreparedRequest:
    return PreparedRequest(
        operation_id="list_tasks",
        method="GET",
        path="/v2/tasks",
        query=query_pairs(
            (
                ("space_id", space_id),
                ("space_name", space_name),
                ("name", name),
                ("project_id", project_id),
                ("dataset_id", dataset_id),
                ("type", type_),
                ("limit", limit),
                ("cursor", cursor),
            ),
            dialect,
        ),
    )


def _decode(status_code: int, headers: Mapping[str, str], content: bytes) -> TaskListResponse | Refusal:
    from ...models.task_list_response import TaskListResponse

    return decode_answer(status_code, content, TaskListResponse.from_dict)


operation = Operation("list_tasks", method="GET", path="/v2/tasks", encode=_encode, decode=_decode)


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    space_id: str | Unset = UNSET,
    space_name: str | Unset = UNSET,
    name: str | Unset = UNSET,
    project_id: str | Unset = UNSET,
    dataset_id: str | Unset = UNSET,
    type_: TaskType | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> Response[TaskListResponse | Problem]:
    """List tasks.

    One page of the tasks the caller can read, newest first. Filters are combined: a task has to match all
    of them.

    Args:
        space_id: Only what belongs to this space.
        space_name: Only what belongs to a space whose name contains this text, in any case. It may match several spaces.
        name: Only what has this text in its name, in any case.
        project_id: Only tasks of this project.
        dataset_id: Only what belongs to this dataset.
        type_: Kind of a task: `TEMPLATE_EVALUATION` asks an LLM judge with a template, `CODE_EVALUATION` runs code
            over the data, `RUN_EXPERIMENT` runs an experiment over a dataset.
        limit: The most items to put on one page.
        cursor: Cursor of the page, taken from `pagination.next_cursor` of the page before.
    """
    return exchange(
        client,
        operation,
        _encode(
            space_id=space_id,
            space_name=space_name,
            name=name,
            project_id=project_id,
            dataset_id=dataset_id,
            type_=type_,
            limit=limit,
            cursor=cursor,
        ),
    )


def sync(
    *,
    client: AuthenticatedClient | Client,
    space_id: str | Unset = UNSET,
    space_name: str | Unset = UNSET,
    name: str | Unset = UNSET,
    project_id: str | Unset = UNSET,
    dataset_id: str | Unset = UNSET,
    type_: TaskType | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> TaskListResponse | Problem | None:
    """List tasks.

    One page of the tasks the caller can read, newest first. Filters are combined: a task has to match all
    of them.

    Args:
        space_id: Only what belongs to this space.
        space_name: Only what belongs to a space whose name contains this text, in any case. It may match several spaces.
        name: Only what has this text in its name, in any case.
        project_id: Only tasks of this project.
        dataset_id: Only what belongs to this dataset.
        type_: Kind of a task: `TEMPLATE_EVALUATION` asks an LLM judge with a template, `CODE_EVALUATION` runs code
            over the data, `RUN_EXPERIMENT` runs an experiment over a dataset.
        limit: The most items to put on one page.
        cursor: Cursor of the page, taken from `pagination.next_cursor` of the page before.

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return sync_detailed(
        client=client,
        space_id=space_id,
        space_name=space_name,
        name=name,
        project_id=project_id,
        dataset_id=dataset_id,
        type_=type_,
        limit=limit,
        cursor=cursor,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    space_id: str | Unset = UNSET,
    space_name: str | Unset = UNSET,
    name: str | Unset = UNSET,
    project_id: str | Unset = UNSET,
    dataset_id: str | Unset = UNSET,
    type_: TaskType | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> Response[TaskListResponse | Problem]:
    """List tasks.

    One page of the tasks the caller can read, newest first. Filters are combined: a task has to match all
    of them.

    Args:
        space_id: Only what belongs to this space.
        space_name: Only what belongs to a space whose name contains this text, in any case. It may match several spaces.
        name: Only what has this text in its name, in any case.
        project_id: Only tasks of this project.
        dataset_id: Only what belongs to this dataset.
        type_: Kind of a task: `TEMPLATE_EVALUATION` asks an LLM judge with a template, `CODE_EVALUATION` runs code
            over the data, `RUN_EXPERIMENT` runs an experiment over a dataset.
        limit: The most items to put on one page.
        cursor: Cursor of the page, taken from `pagination.next_cursor` of the page before.
    """
    return await exchange_async(
        client,
        operation,
        _encode(
            space_id=space_id,
            space_name=space_name,
            name=name,
            project_id=project_id,
            dataset_id=dataset_id,
            type_=type_,
            limit=limit,
            cursor=cursor,
        ),
    )


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    space_id: str | Unset = UNSET,
    space_name: str | Unset = UNSET,
    name: str | Unset = UNSET,
    project_id: str | Unset = UNSET,
    dataset_id: str | Unset = UNSET,
    type_: TaskType | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> TaskListResponse | Problem | None:
    """List tasks.

    One page of the tasks the caller can read, newest first. Filters are combined: a task has to match all
    of them.

    Args:
        space_id: Only what belongs to this space.
        space_name: Only what belongs to a space whose name contains this text, in any case. It may match several spaces.
        name: Only what has this text in its name, in any case.
        project_id: Only tasks of this project.
        dataset_id: Only what belongs to this dataset.
        type_: Kind of a task: `TEMPLATE_EVALUATION` asks an LLM judge with a template, `CODE_EVALUATION` runs code
            over the data, `RUN_EXPERIMENT` runs an experiment over a dataset.
        limit: The most items to put on one page.
        cursor: Cursor of the page, taken from `pagination.next_cursor` of the page before.

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return (
        await asyncio_detailed(
            client=client,
            space_id=space_id,
            space_name=space_name,
            name=name,
            project_id=project_id,
            dataset_id=dataset_id,
            type_=type_,
            limit=limit,
            cursor=cursor,
        )
    ).parsed
