"""The bodies of refusals, of which the contract has no model named `Problem`."""

from __future__ import annotations

import json
from typing import Any

Problem = dict[str, Any]


def decode_problem(content: bytes) -> Problem | None:
    """The JSON object in the body of an error; None where the body is something else."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
