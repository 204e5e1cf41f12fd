"""Tests of the number of files in one call's path through the client and the mock."""

from __future__ import annotations

from tests.bench.trace import Trace, trace_mock, trace_trigger


def test_a_warm_trigger_goes_through_few_files() -> None:
    """This covers the path to the transport and back; `python -m tests.bench.trace` shows it."""
    trace = trace_trigger()

    assert {"resources/trigger_run.py", "engine/attempts.py", "transport/base.py"} <= set(trace.files)
    assert trace.is_within_bars, str(trace)


def test_a_request_goes_through_few_files_of_the_mock() -> None:
    """The request is routed once; `python -m tests.bench.trace mock` shows the path."""
    trace = trace_mock()

    assert {"mock.py", "operations/rules/trigger.py", "world/table.py"} <= set(trace.files)
    assert [name for file, name in trace.calls if file == "operations/router.py"] == ["match"]
    assert trace.is_within_bars, str(trace)


def test_calls_are_counted_by_file() -> None:
    trace = Trace((("a.py", "f"), ("a.py", "g"), ("b.py", "h"), ("a.py", "f")))

    assert (trace.files, trace.changes, len(trace.calls)) == (["a.py", "b.py"], 2, 4)
