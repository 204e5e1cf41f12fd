"""Shrinks a failing sequence by leaving out steps."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from tests.model.model_runner import CallStep, ExecutedStep, Step, StepRunner
from tests.model.model_script import ScriptError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def shorten(executed: Sequence[ExecutedStep], error: ScriptError, *, is_socket: bool, seconds: float) -> ScriptError:
    """Return the failure of the shortest sequence found within a time.

    Args:
        executed: the steps of the failing sequence.
        error: its failure.
        is_socket: True if it used a socket.
        seconds: the time limit.
    """
    until = time.monotonic() + seconds
    kind = _kind_of(error)
    kept, size = list(executed), max(1, len(executed) // 2)
    while size and time.monotonic() < until:
        position = 0
        while position < len(kept) and time.monotonic() < until:
            fewer = kept[:position] + kept[position + size :]
            failed = _failure_of(fewer, is_socket=is_socket)
            if failed is None or _kind_of(failed[1]) != kind:
                position += size
            else:
                # Steps after the failure are not needed.
                kept, error = fewer[: failed[0]], failed[1]
        size //= 2
    return error


def _failure_of(executed: Sequence[ExecutedStep], *, is_socket: bool) -> tuple[int, ScriptError] | None:
    """Run these steps; return the number of steps up to the failure and the failure, or None."""
    renamed: dict[str, str] = {}
    with StepRunner(is_socket=is_socket, calls_per_comparison=1) as runner:
        try:
            for each in executed:
                runner.run(_with_ids(each.step, renamed))
                # Without the left-out steps, later ones create resources with other ids.
                made = runner.executed[-1].made
                if each.made and made:
                    renamed[each.made] = made
        except ScriptError as error:
            return len(runner.executed), error
    return None


def _kind_of(error: ScriptError) -> str:
    """Return the message of a failure without names, ids and numbers, to compare failures."""
    return re.sub(r"'[^']*'|[0-9]+|[(\[].*", "", str(error).partition("\n")[0])


def _with_ids(step: Step, renamed: Mapping[str, str]) -> Step:
    if not isinstance(step, CallStep):
        return step
    call = step.call
    given = tuple(_replaced(value, renamed) for value in call.given)
    return replace(step, call=replace(call, given=given, named=_replaced(call.named, renamed)))


def _replaced(value: Any, renamed: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        head, tasks, tail = value.partition("/v2/tasks/")
        if tasks:
            task_id, *others = tail.split("/")
            return "/".join(
                [f"{head}/v2/tasks", quote(renamed.get(unquote(task_id), unquote(task_id)), safe=""), *others]
            )
        return renamed.get(value, value)
    if isinstance(value, list):
        return [_replaced(each, renamed) for each in value]
    if isinstance(value, dict):
        return {key: _replaced(each, renamed) for key, each in value.items()}
    return value
