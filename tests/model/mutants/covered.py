"""The files to mutate, and the tests that have to notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_RULES = (
    "tests/mock/operations/test_rules.py",
    "tests/mock/operations/test_beta_rules.py",
    "tests/mock/operations/test_precedence.py",
    "tests/mock/operations/test_documents.py",
)
_LISTS = ("tests/mock/operations/test_lists.py", "tests/mock/world/test_large_worlds.py")
_RUNS = (
    "tests/mock/simulation/test_lifecycles.py",
    "tests/mock/simulation/test_work.py",
    "tests/mock/simulation/test_empty_runs.py",
    "tests/mock/operations/test_rules.py",
    "tests/mock/operations/test_beta_rules.py",
    "tests/mock/admin/test_control.py",
)

# Files below facade/axtasks and their tests. The tests most likely to notice come first.
COVERED: Mapping[str, tuple[str, ...]] = {
    "resolution/resolver.py": ("tests/unit/resolution/test_resolver.py", "tests/unit/resources/test_lookups.py"),
    "resolution/lookup.py": (
        "tests/unit/resolution/test_resolver.py",
        "tests/unit/resolution/test_lookup.py",
        "tests/unit/resolution/test_name_cache.py",
    ),
    "inputs/task_bodies.py": ("tests/unit/inputs/test_task_bodies.py", "tests/unit/resources/test_create_task.py"),
    "polling/outcome.py": ("tests/unit/resources/test_wait_for_run.py", "tests/unit/resources/test_wait_for_runs.py"),
    "pagination/page.py": ("tests/unit/pagination/test_page.py", "tests/unit/transport/test_limits.py"),
    "pagination/cursor.py": (
        "tests/unit/pagination/test_cursor.py",
        "tests/unit/pagination/test_page.py",
        "tests/unit/transport/test_limits.py",
    ),
    "engine/retry.py": ("tests/unit/engine/test_retry.py", "tests/unit/engine/test_attempts.py"),
    "engine/attempts.py": (
        "tests/unit/engine/test_attempts.py",
        "tests/unit/reconcile/test_probes.py",
        "tests/unit/contract/test_dialect.py",
        "tests/unit/contract/test_strict.py",
        "tests/unit/resources/test_reach.py",
    ),
    "mock/operations/rules/create.py": _RULES,
    "mock/operations/rules/evaluators.py": _RULES,
    "mock/operations/rules/trigger.py": _RULES,
    "mock/operations/rules/update.py": _RULES,
    "mock/operations/rules/references.py": _RULES,
    "mock/operations/filters.py": (
        *_LISTS,
        "tests/mock/operations/test_authentication.py",
        "tests/mock/operations/test_rules.py",
        "tests/mock/operations/test_beta_rules.py",
    ),
    "mock/world/query.py": _LISTS,
    "mock/operations/pagination.py": _LISTS,
    "mock/simulation/runs.py": _RUNS,
    "mock/simulation/workload.py": ("tests/mock/simulation/test_work.py", "tests/mock/simulation/test_empty_runs.py"),
}
