"""The Problem Details of RFC 9457, as the contract has them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from .codec import decode_object, is_blank

if TYPE_CHECKING:
    from .models.problem import Problem as Problem  # noqa: PLC0414  for type checkers to find here


def decode_problem(content: bytes) -> Problem | None:
    """The Problem Details in the body of an error; None where the body is something else."""
    from .models.problem import Problem

    try:
        problem = Problem.from_dict(decode_object(json.loads(content)))
    except (ValueError, RecursionError):
        return None
    return None if is_blank(problem) else problem
