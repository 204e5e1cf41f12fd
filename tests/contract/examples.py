"""The examples in a contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


def bodies(contract: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield each body of a request or a response."""
    for path in contract["paths"].values():
        for method, operation in path.items():
            if method == "parameters":
                continue
            parts = [operation.get("requestBody", {}), *operation["responses"].values()]
            for part in [contract["components"]["responses"].get(p.get("$ref", "").split("/")[-1], p) for p in parts]:
                yield from part.get("content", {}).values()


def examples(contract: dict[str, Any]) -> Iterator[tuple[dict[str, Any], Any]]:
    """Yield each schema of a request or a response with each of its examples."""
    for content in bodies(contract):
        for example in content.get("examples", {}).values():
            yield content["schema"], example["value"]
