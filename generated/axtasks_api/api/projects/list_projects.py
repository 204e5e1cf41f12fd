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
    from ...models.project_list_response import ProjectListResponse
    from ...models.project_type import ProjectType
    from ...problem import Problem


def _encode(
    *,
    space_id: str | Unset = UNSET,
    space_name: str | Unset = UNSET,
    name: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    project_type: ProjectType | Unset = UNSET,
    dialect: str = DEFAULT_DIALECT,
) -> PreparedRequest:
    return PreparedRequest(
        operation_id="list_projects",
        method="GET",
        path="/v2/projects",
        query=query_pairs(
            (
                ("space_id", space_id),
                ("space_name", space_name),
                ("name", name),
                ("limit", limit),
                ("cursor", cursor),
                ("project_type", project_type),
            ),
            dialect,
        ),
    )


def _decode(status_code: int, headers: Mapping[str, str], content: bytes) -> ProjectListResponse | Refusal:
    from ...models.project_list_response import ProjectListResponse

    return decode_answer(status_code, content, ProjectListResponse.from_dict)


operation = Operation("list_projects", method="GET", path="/v2/projects", encode=_encode, decode=_decode)


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    space_id: str | Unset = UNSET,
    space_name: str | Unset = UNSET,
    name: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    project_type: ProjectType | Unset = UNSET,
) -> Response[ProjectListResponse | Problem]:
    """List projects.

    One page of the projects the caller can read. Filters are combined.

    Args:
        space_id: Only what belongs to this space.
        space_name: Only what belongs to a space whose name contains this text, in any case. It may match several spaces.
        name: Only what has this text in its name, in any case.
        limit: The most items to put on one page.
        cursor: Cursor of the page, taken from `pagination.next_cursor` of the page before.
        project_type: Kind of a project, by the source of its data.
    """
    return exchange(
        client,
        operation,
        _encode(
            space_id=space_id, space_name=space_name, name=name, limit=limit, cursor=cursor, project_type=project_type
        ),
    )


def sync(
    *,
    client: AuthenticatedClient | Client,
    space_id: str | Unset = UNSET,
    space_name: str | Unset = UNSET,
    name: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    project_type: ProjectType | Unset = UNSET,
) -> ProjectListResponse | Problem | None:
    """List projects.

    One page of the projects the caller can read. Filters are combined.

    Args:
        space_id: Only what belongs to this space.
        space_name: Only what belongs to a space whose name contains this text, in any case. It may match several spaces.
        name: Only what has this text in its name, in any case.
        limit: The most items to put on one page.
        cursor: Cursor of the page, taken from `pagination.next_cursor` of the page before.
        project_type: Kind of a project, by the source of its data.

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return sync_detailed(
        client=client,
        space_id=space_id,
        space_name=space_name,
        name=name,
        limit=limit,
        cursor=cursor,
        project_type=project_type,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    space_id: str | Unset = UNSET,
    space_name: str | Unset = UNSET,
    name: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    project_type: ProjectType | Unset = UNSET,
) -> Response[ProjectListResponse | Problem]:
    """List projects.

    One page of the projects the caller can read. Filters are combined.

    Args:
        space_id: Only what belongs to this space.
        space_name: Only what belongs to a space whose name contains this text, in any case. It may match several spaces.
        name: Only what has this text in its name, in any case.
        limit: The most items to put on one page.
        cursor: Cursor of the page, taken from `pagination.next_cursor` of the page before.
        project_type: Kind of a project, by the source of its data.
    """
    return await exchange_async(
        client,
        operation,
        _encode(
            space_id=space_id, space_name=space_name, name=name, limit=limit, cursor=cursor, project_type=project_type
        ),
    )


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    space_id: str | Unset = UNSET,
    space_name: str | Unset = UNSET,
    name: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    project_type: ProjectType | Unset = UNSET,
) -> ProjectListResponse | Problem | None:
    """List projects.

    One page of the projects the caller can read. Filters are combined.

    Args:
        space_id: Only what belongs to this space.
        space_name: Only what belongs to a space whose name contains this text, in any case. It may match several spaces.
        name: Only what has this text in its name, in any case.
        limit: The most items to put on one page.
        cursor: Cursor of the page, taken from `pagination.next_cursor` of the page before.
        project_type: Kind of a project, by the source of its data.

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return (
        await asyncio_detailed(
            client=client,
            space_id=space_id,
            space_name=space_name,
            name=name,
            limit=limit,
            cursor=cursor,
            project_type=project_type,
        )
    ).parsed
