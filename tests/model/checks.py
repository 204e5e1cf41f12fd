"""The checks of every response: functions that raise an `AssertionError` for a violation."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, cast

from jsonschema_rs import Draft202012Validator

from tests.dialects import spoken
from tests.model import contract, effects, idempotency, lifecycle, lists

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.model.contract import Json
    from tests.model.exchange import Exchange

    Check = Callable[[Exchange], None]

CONFIGURATION = contract.ROOT / "schemathesis.toml"


def declared_rules() -> dict[str, dict[int, frozenset[str]]]:
    """Return the rules that may refuse a request that fits the schemas, by operation and status (schemathesis.toml)."""
    return {
        name: {
            status: in_force
            for status, ids in expected_statuses().get(name, {}).items()
            if status in operation.statuses
            and (in_force := frozenset(each for each in ids if contract.is_beta() or not each.startswith("B")))
        }
        for name, operation in contract.operations().items()
    }


@cache
def expected_statuses() -> dict[str, dict[int, frozenset[str]]]:
    """Return the rules that schemathesis.toml names for each expected status, of all contracts."""
    found: dict[str, dict[int, frozenset[str]]] = {}
    for block in CONFIGURATION.read_text(encoding="utf-8").split("[[operations]]")[1:]:
        head, _, tail = block.partition("expected-statuses")
        statuses = {
            int(status): frozenset(ids.split(", "))
            for status, ids in re.findall(r"^ +(\d{3}), # (\w+(?:, \w+)*)$", tail, re.MULTILINE)
        }
        found |= dict.fromkeys(re.findall(r'"(\w+)"', head), statuses)
    return found


def problems_are_problem_details(exchange: Exchange) -> None:
    """Check that an error is Problem Details (RFC 9457) with the status of the response."""
    reply = exchange.reply
    if reply.status < 400:
        return
    kind = (reply.header("content-type") or "").partition(";")[0]
    assert kind == "application/problem+json", f"an error as {kind or 'nothing'}"
    problem = reply.json
    assert isinstance(problem, dict), f"an error that is {problem!r}"
    assert problem.get("status") == reply.status, f"the problem of a {reply.status} says {problem.get('status')}"
    assert set(problem) <= contract.fields("Problem"), f"a problem with {sorted(problem)}"
    assert problem["title"]
    assert problem["detail"]
    assert bool(problem.get("error_code")) == contract.is_beta(), f"a problem with the code {problem.get('error_code')}"


def every_response_has_an_id(exchange: Exchange) -> None:
    """Check that the response has an `X-Request-Id` of its own, and that a 405 has `Allow`."""
    mark = exchange.reply.header("x-request-id")
    assert mark, "no X-Request-Id"
    assert mark not in exchange.history.requests, f"{mark} was on another response"
    exchange.history.requests.add(mark)
    assert exchange.reply.status != 405 or exchange.reply.header("allow"), "a 405 without Allow"


@cache
def _response_validator(_: str, operation: str, status: int) -> Draft202012Validator | None:
    described = contract.resolved(_responses(operation)[str(status)])
    if "content" not in described:
        return None
    (media,) = described["content"].values()
    whole = {**media["schema"], "components": contract.document()["components"]}
    return Draft202012Validator(cast("dict[str, object]", whole), validate_formats=True)


def _responses(operation: str) -> Json:
    found = contract.operations()[operation]
    return contract.document()["paths"][found.path][found.method.lower()]["responses"]


def responses_are_documented(exchange: Exchange) -> None:
    """Check that the operation documents the status, and that the body matches its schema."""
    request, reply = exchange.request, exchange.reply
    if request is None:
        assert reply.status in {401, 404, 405}, f"{reply.status} for what is no operation"
        return
    assert reply.status in request.operation.statuses, f"{request.name} does not document {reply.status}"
    validator = _response_validator(spoken.contract, request.name, reply.status)
    assert validator is not None or not reply.body, f"a body where there is none: {reply.body!r}"
    if validator is not None:
        errors = [error.message for error in validator.iter_errors(reply.json)]
        assert not errors, f"{reply.json} is not as the schema says: {errors}"


def reads_change_nothing(exchange: Exchange) -> None:
    """Check that a read changed nothing."""
    if exchange.raw.method not in {"POST", "PATCH", "DELETE"}:
        assert not exchange.changes, f"{exchange.raw.method} changed {exchange.changes}"


def failures_change_nothing(exchange: Exchange) -> None:
    """Check that a refused request changed nothing."""
    if not exchange.reply.is_ok:
        assert not exchange.changes, f"refused with {exchange.reply.status}, and changed {exchange.changes}"


def successes_break_no_rule(exchange: Exchange) -> None:
    """Check that a successful request breaks no rule."""
    if exchange.reply.is_ok and exchange.request is not None:
        assert not exchange.rules, f"accepted in spite of {exchange.rules[0].id}: {_describe(exchange)}"


def refusals_have_a_rule(exchange: Exchange) -> None:
    """Check that a refused request breaks a rule of that status, and a declared one if the request fits the schemas."""
    request, status = exchange.request, exchange.reply.status
    if exchange.reply.is_ok or request is None:
        return
    rules = exchange.rules
    assert rules, f"refused with {status}, and no rule says so: {exchange.reply.body!r} {_describe(exchange)}"
    assert rules[0].status == status, (
        f"{rules[0].id} has the status {rules[0].status}, not {status}: {_describe(exchange)}"
    )
    if (
        request.fits
        and not request.is_repeating
        and not request.has_unknown
        and not request.wrong_type
        and request.is_authenticated
    ):
        known = declared_rules()[request.name].get(status, frozenset())
        named = {rule.id for rule in rules if rule.status == status}
        assert named & known, f"{sorted(named)} may not refuse with {status}: schemathesis.toml has {sorted(known)}"


def _describe(exchange: Exchange) -> str:
    raw = exchange.raw
    query = f"?{raw.query}" if raw.query else ""
    return f"{raw.method} {raw.path}{query} {raw.body.decode('utf-8', 'replace')}"


CHECKS: tuple[Check, ...] = (
    problems_are_problem_details,
    every_response_has_an_id,
    responses_are_documented,
    reads_change_nothing,
    failures_change_nothing,
    successes_break_no_rule,
    refusals_have_a_rule,
    effects.writes_have_their_effects,
    lists.pages_hold_what_matches,
    lists.pages_lead_to_everything,
    lifecycle.ended_runs_never_change,
    lifecycle.updated_at_never_goes_back,
    lifecycle.runs_do_their_work,
    idempotency.repeated_triggers_find_their_run,
)


def check_all(exchange: Exchange) -> None:
    """Run all checks."""
    for check in CHECKS:
        check(exchange)
