"""Bugs to plant in the lists, filters and responses of the mock server."""

from __future__ import annotations

from .bug import PlantedBug

IN_MOCK_RESPONSES = (
    PlantedBug(
        "cursor-skips-one",
        "pages are complete",
        "mock/operations/pagination.py",
        "_cursor(shown[-1][0], scope)",
        "_cursor(found[-1][0], scope)",
    ),
    PlantedBug(
        "full-page-says-more",
        "J19: has_more goes with a cursor",
        "mock/operations/pagination.py",
        '{"has_more": len(found) > limit}',
        '{"has_more": len(found) >= limit}',
    ),
    PlantedBug(
        "cursor-of-other-filters",
        "J18: a cursor of other filters is a 400",
        "mock/operations/pagination.py",
        "[call.operation.id, dict(call.path_ids), filters]",
        "[call.operation.id, dict(call.path_ids)]",
    ),
    PlantedBug(
        "filter-minds-the-case",
        "D9: a part of a name matches in any case",
        "mock/world/query.py",
        "self.part.casefold()",
        "self.part",
    ),
    PlantedBug(
        "filters-are-either-or",
        "J20: all filters have to match",
        "mock/operations/filters.py",
        "frozenset.intersection(*map(frozenset, limits))",
        "frozenset.union(*map(frozenset, limits))",
    ),
    PlantedBug(
        "status-filter-is-ignored",
        "runs are listed by status",
        "mock/operations/tasks.py",
        'Query({} if status is None else {"status": (status,)})',
        "Query()",
    ),
    PlantedBug(
        "unknown-scope-is-empty",
        "C42: tasks of a project that is not there are a 404",
        "mock/operations/filters.py",
        "if must_exist and not _is_there",
        'if must_exist and name == "space_id" and not _is_there',
    ),
    PlantedBug(
        "malformed-id-is-404",
        "C43: a malformed id is a 400",
        "mock/operations/request.py",
        "            if ids.parse(identifier) is None:\n                raise malformed(parameter, identifier)\n",
        "",
    ),
    PlantedBug(
        "no-key-is-let-in",
        "C44: every request has a key",
        "mock/operations/authentication.py",
        '        raise _refused("no API key was sent: the Authorization header is missing")\n',
        "        return None\n",
    ),
    PlantedBug(
        "problem-as-plain-json",
        "errors are application/problem+json",
        "mock/mock.py",
        "body, MEDIA_TYPE,",
        'body, "application/json",',
    ),
    PlantedBug(
        "problem-with-its-status-as-text",
        "the status of a problem is that of the answer",
        "mock/problems.py",
        '            "status": self.status,\n',
        '            "status": str(self.status),\n',
    ),
    PlantedBug(
        "deletion-without-request-id",
        "every answer has an X-Request-Id",
        "mock/mock.py",
        "            return MockResponse(status, stamped)\n",
        "            return MockResponse(status, headers)\n",
    ),
)
