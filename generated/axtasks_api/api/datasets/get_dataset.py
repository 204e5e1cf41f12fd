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
    from ...models.dataset import Dataset
    from ...problem import Problem


def _encode(
    dataset_id: str,
    *,
    dialect: str = DEFAULT_DIALECT,
) -> PreparedRequest:
    return PreparedRequest(
        operation_id="get_dataset",
        method="GET",
        path=f"/v2/datasets/{path_segment(dataset_id, dialect)}",
    )


def _decode(status_code: int, headers: Mapping[str, str], content: bytes) -> Dataset | Refusal:
    from ...models.dataset import Dataset

    return decode_answer(status_code, content, Dataset.from_dict)


operation = Operation("get_dataset", method="GET", path="/v2/datasets/{dataset_id}", encode=_encode, decode=_decode)


def sync_detailed(
    dataset_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[Dataset | Problem]:
    """Get a dataset.

    One dataset by its identifier. All its versions are listed in it.

    Args:
        dataset_id: Identifier of the dataset (opaque base64).
    """
    return exchange(client, operation, _encode(dataset_id))


def sync(
    dataset_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Dataset | Problem | None:
    """Get a dataset.

    One dataset by its identifier. All its versions are listed in it.

    Args:
        dataset_id: Identifier of the dataset (opaque base64).

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return sync_detailed(dataset_id, client=client).parsed


async def asyncio_detailed(
    dataset_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[Dataset | Problem]:
    """Get a dataset.

    One dataset by its identifier. All its versions are listed in it.

    Args:
        dataset_id: Identifier of the dataset (opaque base64).
    """
    return await exchange_async(client, operation, _encode(dataset_id))


async def asyncio(
    dataset_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Dataset | Problem | None:
    """Get a dataset.

    One dataset by its identifier. All its versions are listed in it.

    Args:
        dataset_id: Identifier of the dataset (opaque base64).

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return (await asyncio_detailed(dataset_id, client=client)).parsed
