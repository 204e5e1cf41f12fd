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
    from ...models.project import Project
    from ...problem import Problem


def _encode(
    project_id: str,
    *,
    dialect: str = DEFAULT_DIALECT,
) -> PreparedRequest:
    return PreparedRequest(
        operation_id="get_project",
        method="GET",
        path=f"/v2/projects/{path_segment(project_id, dialect)}",
    )


def _decode(status_code: int, headers: Mapping[str, str], content: bytes) -> Project | Refusal:
    from ...models.project import Project

    return decode_answer(status_code, content, Project.from_dict)


operation = Operation("get_project", method="GET", path="/v2/projects/{project_id}", encode=_encode, decode=_decode)


def sync_detailed(
    project_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[Project | Problem]:
    """Get a project.

    One project by its identifier.

    Args:
        project_id: Identifier of the project (opaque base64).
    """
    return exchange(client, operation, _encode(project_id))


def sync(
    project_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Project | Problem | None:
    """Get a project.

    One project by its identifier.

    Args:
        project_id: Identifier of the project (opaque base64).

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return sync_detailed(project_id, client=client).parsed


async def asyncio_detailed(
    project_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[Project | Problem]:
    """Get a project.

    One project by its identifier.

    Args:
        project_id: Identifier of the project (opaque base64).
    """
    return await exchange_async(client, operation, _encode(project_id))


async def asyncio(
    project_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Project | Problem | None:
    """Get a project.

    One project by its identifier.

    Args:
        project_id: Identifier of the project (opaque base64).

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return (await asyncio_detailed(project_id, client=client)).parsed
