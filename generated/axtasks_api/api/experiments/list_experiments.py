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
    from ...models.experiment_list_response import ExperimentListResponse
    from ...problem import Problem


def _encode(
    *,
    dataset_id: str | Unset = UNSET,
    name: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    space_id: str | Unset = UNSET,
    dialect: str = DEFAULT_DIALECT,
) -> PreparedRequest:
    return PreparedRequest(
        operation_id="list_experiments",
        method="GET",
        path="/v2/experiments",
        query=query_pairs(
            (
                ("dataset_id", dataset_id),
                ("name", name),
                ("limit", limit),
                ("cursor", cursor),
                ("space_id", space_id),
            ),
            dialect,
        ),
    )


def _decode(status_code: int, headers: Mapping[str, str], content: bytes) -> ExperimentListResponse | Refusal:
    from ...models.experiment_list_response import ExperimentListResponse

    return decode_answer(status_code, content, ExperimentListResponse.from_dict)


operation = Operation("list_experiments", method="GET", path="/v2/experiments", encode=_encode, decode=_decode)


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    dataset_id: str | Unset = UNSET,
    name: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    space_id: str | Unset = UNSET,
) -> Response[ExperimentListResponse | Problem]:
    """List experiments.

    One page of the experiments the caller can read. Filters are combined, but of a space and a dataset
    there can be only one.

    Args:
        dataset_id: Only what belongs to this dataset.
        name: Only what has this text in its name, in any case.
        limit: The most items to put on one page.
        cursor: Cursor of the page, taken from `pagination.next_cursor` of the page before.
        space_id: Only what belongs to this space.
    """
    return exchange(
        client, operation, _encode(dataset_id=dataset_id, name=name, limit=limit, cursor=cursor, space_id=space_id)
    )


def sync(
    *,
    client: AuthenticatedClient | Client,
    dataset_id: str | Unset = UNSET,
    name: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    space_id: str | Unset = UNSET,
) -> ExperimentListResponse | Problem | None:
    """List experiments.

    One page of the experiments the caller can read. Filters are combined, but of a space and a dataset
    there can be only one.

    Args:
        dataset_id: Only what belongs to this dataset.
        name: Only what has this text in its name, in any case.
        limit: The most items to put on one page.
        cursor: Cursor of the page, taken from `pagination.next_cursor` of the page before.
        space_id: Only what belongs to this space.

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return sync_detailed(
        client=client, dataset_id=dataset_id, name=name, limit=limit, cursor=cursor, space_id=space_id
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    dataset_id: str | Unset = UNSET,
    name: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    space_id: str | Unset = UNSET,
) -> Response[ExperimentListResponse | Problem]:
    """List experiments.

    One page of the experiments the caller can read. Filters are combined, but of a space and a dataset
    there can be only one.

    Args:
        dataset_id: Only what belongs to this dataset.
        name: Only what has this text in its name, in any case.
        limit: The most items to put on one page.
        cursor: Cursor of the page, taken from `pagination.next_cursor` of the page before.
        space_id: Only what belongs to this space.
    """
    return await exchange_async(
        client, operation, _encode(dataset_id=dataset_id, name=name, limit=limit, cursor=cursor, space_id=space_id)
    )


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    dataset_id: str | Unset = UNSET,
    name: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    space_id: str | Unset = UNSET,
) -> ExperimentListResponse | Problem | None:
    """List experiments.

    One page of the experiments the caller can read. Filters are combined, but of a space and a dataset
    there can be only one.

    Args:
        dataset_id: Only what belongs to this dataset.
        name: Only what has this text in its name, in any case.
        limit: The most items to put on one page.
        cursor: Cursor of the page, taken from `pagination.next_cursor` of the page before.
        space_id: Only what belongs to this space.

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return (
        await asyncio_detailed(
            client=client, dataset_id=dataset_id, name=name, limit=limit, cursor=cursor, space_id=space_id
        )
    ).parsed
