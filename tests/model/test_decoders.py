"""For any response a call returns a value or raises an AxError, and no other exception."""

from __future__ import annotations

import importlib
import json
import pkgutil
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import axtasks_api.api
import httpx
import pytest
from axtasks import AxError
from axtasks_api.codec import DecodeError, Model
from axtasks_api.operation import LARGE_BYTES, Operation, Refusal, read_json
from axtasks_api.operations import IDS
from hypothesis import given
from hypothesis import strategies as st

from tests.model.schema_data import CONTRACT, Json, bodies, deterministic
from tests.unit import support

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

PACKAGES = [
    importlib.import_module(f"axtasks_api.api.{found.name}") for found in pkgutil.iter_modules(axtasks_api.api.__path__)
]
OPERATIONS: list[Operation[..., Any]] = [
    importlib.import_module(f"{package.__name__}.{found.name}").operation
    for package in PACKAGES
    for found in pkgutil.iter_modules(package.__path__)
]
DESCRIBED = {
    described["operationId"]: described
    for path in CONTRACT["paths"].values()
    for described in path.values()
    if "operationId" in described
}
STATUSES = st.sampled_from([200, 201, 204, 206, 299]) | st.integers(100, 599)

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
# Texts that no JSON library writes, but some read: endless depth, long numbers, half a character, other encodings.
ODDITIES = st.sampled_from(
    [
        b"",
        b"null",
        b"NaN",
        b"[" * 20_000,
        b'{"a":' * 8_000,
        b"1" * 5_000,
        b'"\\ud800"',
        b"\xef\xbb\xbf{}",
        b"\xff\xfe{\x00}\x00",
    ]
)
CONTENTS = VALUES.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=40) | ODDITIES


def test_these_are_all_operations_of_the_contract() -> None:
    """The contract is the current one, which has all operations of the documents."""
    assert sorted(operation.id for operation in OPERATIONS) == sorted(IDS)
    assert set(DESCRIBED) < set(IDS)


def promised(operation: Operation[..., Any]) -> SearchStrategy[Json]:
    """Return a strategy for the documented success of an operation."""
    responses = DESCRIBED[operation.id]["responses"]
    (success,) = (responses[status] for status in responses if status.startswith("2"))
    if "content" not in success:
        return st.none()
    return bodies(success["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2])


@st.composite
def almost(draw: st.DrawFn, good: SearchStrategy[Json]) -> bytes:
    """Draw JSON as documented, but with one changed value, or cut off."""
    body = draw(good)
    places = list(within(body))
    if places:
        holder, key = draw(st.sampled_from(places))
        holder[key] = draw(VALUES)
    text = json.dumps(body)
    return text[: draw(st.integers(0, len(text)))].encode() if draw(st.integers(0, 4)) == 0 else text.encode()


def within(value: Json) -> list[tuple[Any, Any]]:
    """Return each place within a value: its container and its key."""
    items = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    return [(value, key) for key, _ in items] + [place for _, item in items for place in within(item)]


def check_decoded(operation: Operation[..., Any], status: int, content: bytes) -> None:
    try:
        result = operation.decode(status, {}, content)
    except DecodeError:
        assert 200 <= status < 300, "no refusal is lost because its body cannot be read"
        return
    if not 200 <= status < 300:
        assert isinstance(result, Refusal)
        assert result.status_code == status
        result = result.problem
    if result is not None:
        assert isinstance(result, Model)
        assert isinstance(json.loads(result.to_json()), dict)
        assert repr(result)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_any_response_is_decoded_or_raises_a_decode_error(operation: Operation[..., Any]) -> None:
    @deterministic(20)
    @given(STATUSES, CONTENTS)
    def check(status: int, content: bytes) -> None:
        check_decoded(operation, status, content)

    check()


@pytest.mark.parametrize(
    "operation", [each for each in OPERATIONS if each.id in DESCRIBED], ids=lambda operation: operation.id
)
def test_a_nearly_valid_response_is_decoded_or_raises_a_decode_error(
    operation: Operation[..., Any],
) -> None:
    @deterministic(5)
    @given(almost(promised(operation)))
    def check(content: bytes) -> None:
        check_decoded(operation, 200, content)

    check()


# Texts that JSON libraries read differently: large, small and special numbers, escapes, duplicate names.
TOKENS = st.sampled_from(
    [
        *(b"-0", b"-0.0", b"1.0", b"1E2", b"1e400", b"0.1e-400", b"18446744073709551616", b"9007199254740993.0"),
        *(b"-9223372036854775809", b"3.0000000000000001e5", b"NaN", b"-Infinity", b"01", b"1.", b"+1", b"True"),
        *(b'"\\ud800"', b'"\\ud83d\\ude42"', b'"\\u0000"', b'"\xed\xa0\x80"', b'"\xff"', b'"\t"', b'"\\x"', b"'a'"),
        *(
            b'{"a":1,"a":2}',
            b"[1,]",
            b"{,}",
            b"{1:2}",
            b"// a\n1",
            b"\x0c1",
            b"\xc2\xa01",
            b"1 2",
            b"[" * 600 + b"]" * 600,
        ),
    ]
)


@given(CONTENTS | TOKENS | TOKENS.map(lambda token: b'{"b":[' + token + b',"c"]}'))
def test_large_json_is_read_as_the_standard_library_reads_it(content: bytes) -> None:
    large = b" " * LARGE_BYTES + content if content[:1] not in {b"\xef", b"\xff"} else content + b" " * LARGE_BYTES
    outcomes = []
    for read in (json.loads, read_json):
        try:
            outcomes.append(repr(read(large)))
        except (ValueError, RecursionError) as error:
            outcomes.append(type(error).__name__)

    assert outcomes[0] == outcomes[1]


EVALUATORS = [{"evaluator_id": support.HALLUCINATION}]
CALLS: dict[str, Callable[[Any], Any]] = {
    "list": lambda client: client.tasks.list(name="a"),
    "get": lambda client: client.tasks.get(support.CHAT_QUALITY),
    "get-by-name": lambda client: client.tasks.get("Monitor", space="demo"),
    "create-evaluation": lambda client: client.tasks.create_evaluation_task(
        "n", task_type="template_evaluation", project=support.CHAT_PROD, evaluators=EVALUATORS
    ),
    "create-experiment": lambda client: client.tasks.create_run_experiment_task(
        "n", dataset=support.GOLDEN_SET, run_configuration=support.LLM_CONFIGURATION
    ),
    "update": lambda client: client.tasks.update(support.CHAT_QUALITY, name="n"),
    "delete": lambda client: client.tasks.delete(support.CHAT_QUALITY),
    "trigger": lambda client: client.tasks.trigger_run(support.CHAT_QUALITY),
    "list-runs": lambda client: client.tasks.list_runs(support.CHAT_QUALITY),
    "get-run": lambda client: client.tasks.get_run(support.CHAT_QUALITY_RUN),
    "cancel-run": lambda client: client.tasks.cancel_run(support.CHAT_QUALITY_RUN),
    "wait": lambda client: client.tasks.wait_for_run(support.CHAT_QUALITY_RUN, timeout=20),
    "spaces": lambda client: client.spaces.list(),
    "experiments": lambda client: client.experiments.list(dataset="Golden Set", space="demo"),
    "evaluator": lambda client: client.evaluators.get(support.HALLUCINATION),
}
HEADERS = st.dictionaries(
    st.sampled_from(["retry-after", "date", "content-type", "x-request-id", "location"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=12)
    | st.sampled_from(["5", "-1", "1e400", "nan", "9" * 400, "Tue, 10 Mar 2026 15:00:00 GMT", "Tue, 99 Xyz 99999"]),
)
CLIENT_KINDS = st.sampled_from([support.Blocking, support.Awaiting])


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_method_returns_or_raises_an_ax_error_for_any_response(
    call: Callable[[Any], Any],
) -> None:
    statuses = st.sampled_from([200, 200, 400, 429, 503]) | st.integers(200, 599)
    contents = CONTENTS | almost(st.one_of([bodies("Task"), bodies("TaskRun"), bodies("Problem")]))

    @deterministic(20)
    @given(CLIENT_KINDS, statuses, HEADERS, contents, st.booleans())
    def check(
        client_kind: support.ClientKind, status: int, headers: dict[str, str], content: bytes, strict: bool
    ) -> None:
        encoded = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        recorder = support.Recorder(lambda _: httpx.Response(status, headers=encoded, content=content))
        clock = support.Stopwatch().clock
        with suppress(AxError):
            client_kind.ask(recorder, call, strict=strict, clock=clock)
        assert recorder.sent

    check()
