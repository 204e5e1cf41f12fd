"""The examples that a contract shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


def examples(contract: dict[str, Any]) -> Iterator[tuple[dict[str, Any], Any]]:
    """Each schema of a request or a response with each of its examples."""
    for path in contract["paths"].values():
        for method, operation in path.items():
            if method == "parameters":
                continue
            parts = [operation.get("requestBody", {}), *operation["responses"].values()]
            for part in [contract["components"]["responses"].get(p.get("$ref", "").split("/")[-1], p) for p in parts]:
                for content in part.get("content", {}).values():
                    for example in content["examples"].values():
                        yield content["schema"], example["value"]
