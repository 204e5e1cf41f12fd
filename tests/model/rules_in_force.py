"""All rules together, and the rules that a request breaks."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tests.dialects import spoken
from tests.model import rules, rules_beta, rules_schema, rules_tasks

if TYPE_CHECKING:
    from tests.model.request import Request
    from tests.model.rules import Rule

MODULES = (rules, rules_schema, rules_tasks, rules_beta)
"""The modules that register rules when they are imported."""
RULES = sorted(rules.RULES, key=lambda each: each.step)


@cache
def _of(_: str, operation: str) -> tuple[Rule, ...]:
    return tuple(each for each in RULES if operation in each.operations and each.is_in_force)


def broken(request: Request) -> list[Rule]:
    """Return the rules that a request breaks at the first step that it fails; later steps are not evaluated."""
    found: list[Rule] = []
    for each in _of(spoken.contract, request.name):
        if found and each.step > found[0].step:
            break
        if each.is_broken(request):
            found.append(each)
    return found
