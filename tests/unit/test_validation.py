"""Tests of argument checks: made before any request, with errors that name the argument and the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import NoReturn
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from axtasks import validation as arguments
from axtasks.errors import AxError, InvalidArgumentError
from axtasks_api.codec import timestamp_text
from axtasks_api.models import TaskRun, TaskRunStatus, TaskType
from axtasks_api.types import UNSET

from tests.unit.support import RUN

# None of this depends on what a server speaks.
pytestmark = pytest.mark.one_contract

Check = Callable[[str, object], object]

BERLIN = ZoneInfo("Europe/Berlin")
# More digits than Python writes.
HUGE = 10**5000
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
CIRCLE: list[object] = []
CIRCLE.append(CIRCLE)
A_RUN = TaskRun.from_dict(RUN)


class NoTime(datetime):
    """A datetime by its class alone, such as `NaT` of pandas."""

    def __repr__(self) -> str:
        return "NaT"

    def utcoffset(self) -> NoReturn:
        raise ValueError("NaTType does not support utcoffset")


def references(name: str, value: object) -> list[str]:
    return arguments.texts(name, value, each=arguments.reference)


ACCEPTED: list[tuple[str, Check, object, object]] = [
    ("text", arguments.text, "a", "a"),
    ("text-of-blanks", arguments.text, "  ", "  "),
    ("text-beyond-the-first-plane", arguments.text, "😀", "😀"),
    ("reference", arguments.reference, "a", "a"),
    ("empty-text-where-allowed", arguments.any_text, "", ""),
    ("texts", arguments.texts, ("a", "b"), ["a", "b"]),
    ("no-texts", arguments.texts, [], []),
    ("metadata-texts", arguments.metadata, {"a": "b", "c": ""}, {"a": "b", "c": ""}),
    (
        "metadata-of-all-kinds",
        arguments.metadata,
        {"a": 5, "b": True, "c": None, "d": 0.5, "e": ["x", (1, {"y": "é"})], "f": {}},
        {"a": "5", "b": "true", "c": "null", "d": "0.5", "e": '["x",[1,{"y":"é"}]]', "f": "{}"},
    ),
    ("metadata-within-another-mapping", arguments.metadata, {"a": MappingProxyType({"b": 1})}, {"a": '{"b":1}'}),
    ("true", arguments.flag, True, True),
    ("false", arguments.flag, False, False),
    ("one", arguments.count, 1, 1),
    ("share-at-0", arguments.fraction, 0, 0),
    ("share-at-1", arguments.fraction, 1, 1),
    ("share-within", arguments.fraction, 0.25, 0.25),
    ("seconds", arguments.seconds, 0.001, 0.001),
    ("seconds-without-end", arguments.seconds, float("inf"), float("inf")),
    ("moment", arguments.timestamp, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)),
]
LOCAL_MEAN_TIME = timezone(timedelta(minutes=53, seconds=28))
REFUSED: list[tuple[str, Check, object, str]] = [
    ("text-is-a-number", arguments.text, 5, r"it has to be text, not int \(5\)"),
    ("text-is-none", arguments.text, None, "it has to be text, not None"),
    ("text-is-empty", arguments.text, "", "it must not be empty"),
    ("text-is-bytes", arguments.text, b"a", "it has to be text, not bytes"),
    ("text-is-half-a-surrogate-pair", arguments.text, "\ud83d", "it has half of a surrogate pair"),
    ("text-is-a-model", arguments.text, A_RUN, r"it has to be text, not TaskRun \(TaskRun\([^;]*$"),
    ("any-text-is-none", arguments.any_text, None, "it has to be text, not None"),
    ("reference-is-a-number", arguments.reference, 5, r"it has to be text, not int \(5\)$"),
    ("reference-is-empty", arguments.reference, "", "it must not be empty"),
    (
        "reference-is-a-model",
        arguments.reference,
        A_RUN,
        r"not TaskRun \(.*\); give its id, which is its \.id$",
    ),
    ("texts-has-a-model", references, ["a", A_RUN], r"it\[1\] has to be text, not TaskRun .*; give its id"),
    ("texts-is-a-text", arguments.texts, "ab", "it has to be a list of texts, not str"),
    ("texts-is-a-dict", arguments.texts, {"a": "b"}, "it has to be a list of texts, not dict"),
    ("texts-is-a-number", arguments.texts, 5, "it has to be a list of texts, not int"),
    ("texts-is-none", arguments.texts, None, "it has to be a list of texts, not None"),
    ("texts-has-a-number", arguments.texts, ["a", 5], r"it\[1\] has to be text"),
    ("texts-has-an-empty-one", arguments.texts, [""], r"it\[0\] must not be empty"),
    ("metadata-is-a-list", arguments.metadata, [("a", "b")], "it has to be a dict, not list"),
    ("metadata-has-nan", arguments.metadata, {"a": float("nan")}, r"it\['a'\] cannot be sent as JSON: float \(nan\)"),
    (
        "metadata-has-a-time",
        arguments.metadata,
        {"a": {"b": [NOON]}},
        r"it\['a'\]: b\[0\] cannot be sent as JSON: datetime",
    ),
    ("metadata-has-a-tuple-for-a-key", arguments.metadata, {"a": {(1,): 2}}, r"it\['a'\] cannot be sent as JSON: keys"),
    ("metadata-holds-itself", arguments.metadata, {"a": CIRCLE}, r"it\['a'\] cannot be sent as JSON: "),
    (
        "metadata-has-a-key-that-is-a-number",
        arguments.metadata,
        {5: "a"},
        r"it has a key that has to be text, not int \(5\); convert it with str\(\)$",
    ),
    ("flag-is-a-number", arguments.flag, 1, "it has to be True or False, not 1"),
    ("flag-is-none", arguments.flag, None, "it has to be True or False, not None"),
    ("count-is-0", arguments.count, 0, "it has to be a whole number of at least 1, not 0"),
    ("count-is-negative", arguments.count, -1, "it has to be a whole number of at least 1"),
    ("count-is-hugely-negative", arguments.count, -HUGE, "least 1, not a number of more digits than can be shown$"),
    ("count-is-a-fraction", arguments.count, 1.5, "it has to be a whole number"),
    ("count-is-a-flag", arguments.count, True, "it has to be a whole number"),
    ("count-is-text", arguments.count, "5", "it has to be a whole number"),
    ("share-is-below-0", arguments.fraction, -0.01, "it has to be a number from 0 to 1, not -0.01"),
    ("share-is-above-1", arguments.fraction, 1.01, "it has to be a number from 0 to 1"),
    ("share-is-no-number", arguments.fraction, float("nan"), "it has to be a number from 0 to 1"),
    ("share-is-a-flag", arguments.fraction, True, "it has to be a number from 0 to 1"),
    ("share-is-text", arguments.fraction, "0.5", "it has to be a number from 0 to 1"),
    ("share-is-a-decimal", arguments.fraction, Decimal("0.5"), r"1, not Decimal\('0.5'\); give it as a float$"),
    ("share-is-a-fraction", arguments.fraction, Fraction(1, 2), r"1, not Fraction\(1, 2\); give it as a float$"),
    ("share-is-huge", arguments.fraction, HUGE, "from 0 to 1, not a number of more digits than can be shown$"),
    ("seconds-is-0", arguments.seconds, 0, "it has to be a positive number of seconds, not 0"),
    ("seconds-is-negative", arguments.seconds, -1.0, "it has to be a positive number of seconds"),
    ("seconds-is-no-number", arguments.seconds, float("nan"), "it has to be a positive number of seconds"),
    ("seconds-is-none", arguments.seconds, None, "it has to be a positive number of seconds, not None"),
    ("seconds-is-text", arguments.seconds, "5", "it has to be a positive number of seconds, not '5'"),
    ("seconds-is-a-decimal", arguments.seconds, Decimal(5), r"seconds, not Decimal\('5'\); give it as a float$"),
    ("seconds-is-hugely-negative", arguments.seconds, -HUGE, "seconds, not a number of more digits than can be shown$"),
    ("moment-is-no-time", arguments.timestamp, NoTime(1, 1, 1), r"it has to be a point in time, not NoTime \(NaT\)$"),
    ("moment-is-text", arguments.timestamp, "2026-03-01T00:00:00Z", "it has to be a datetime, not str"),
    ("moment-is-a-date", arguments.timestamp, date(2026, 3, 1), "it has to be a datetime, not date"),
    ("moment-has-no-zone", arguments.timestamp, datetime(2026, 3, 1), "it has no time zone"),  # noqa: DTZ001  the point
    (
        "moment-is-before-the-year-1-of-utc",
        arguments.timestamp,
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5))),
        "is outside the years 1 to 9999 in UTC",
    ),
]


@pytest.mark.parametrize(
    ("check", "value", "result"), [case[1:] for case in ACCEPTED], ids=[case[0] for case in ACCEPTED]
)
def test_a_good_value_comes_back(check: Check, value: object, result: object) -> None:
    assert check("it", value) == result


@pytest.mark.parametrize(
    ("check", "value", "message"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_a_bad_value_is_refused_by_the_name_of_its_argument(check: Check, value: object, message: str) -> None:
    with pytest.raises(InvalidArgumentError, match=message) as caught:
        check("it", value)

    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, AxError)


FOREIGN: list[tuple[Check, object, object]] = [
    (arguments.count, np.int64(5), 5),
    (arguments.count, np.uint8(5), 5),
    (arguments.fraction, np.float32(0.5), 0.5),
    (arguments.fraction, np.int64(1), 1),
    (arguments.seconds, np.float64(0.5), 0.5),
    (arguments.seconds, np.int32(5), 5),
    (arguments.flag, np.True_, True),
    (arguments.flag, np.False_, False),
    (arguments.texts, np.array(["a", "b"]), ["a", "b"]),
    (arguments.texts, pd.Series(["a", "b"]), ["a", "b"]),
    (arguments.texts, pd.Index(["a"]), ["a"]),
    (
        arguments.metadata,
        {"a": np.int64(5), "b": np.array([1, 2]), "c": np.True_},
        {"a": "5", "b": "[1,2]", "c": "true"},
    ),
    (arguments.timestamp, pd.Timestamp("2026-03-01", tz="UTC"), datetime(2026, 3, 1, tzinfo=UTC)),
]


@pytest.mark.parametrize(("check", "value", "result"), FOREIGN, ids=lambda value: type(value).__name__)
def test_values_of_numpy_and_pandas_are_taken_as_what_they_stand_for(
    check: Check, value: object, result: object
) -> None:
    found = check("it", value)

    assert found == result
    assert type(found).__module__ in {"builtins", "datetime", "pandas"}


@pytest.mark.parametrize(
    ("check", "value", "says"),
    [
        (arguments.count, np.True_, "it has to be a whole number"),
        (arguments.count, np.float64(5), "it has to be a whole number"),
        (arguments.count, np.array([1, 2]), "it has to be a whole number"),
        (arguments.flag, np.int64(1), "it has to be True or False"),
        (arguments.flag, pd.DataFrame({"a": [1]}), "it has to be True or False"),
        (
            arguments.timestamp,
            np.datetime64("2026-03-01"),
            r'it has to be a datetime, .*; give it as pd\.Timestamp\(value, tz="UTC"\)',
        ),
        (arguments.timestamp, pd.Timestamp("2026-03-01"), "it has no time zone, .*: give one"),
        (arguments.timestamp, pd.NaT, "it has to be a point in time"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_refused_values_have_an_error_with_the_right_form(check: Check, value: object, says: str) -> None:
    with pytest.raises(InvalidArgumentError, match=says):
        check("it", value)


def test_texts_may_come_from_any_iterable() -> None:
    def generated() -> Iterator[str]:
        yield "a"

    assert arguments.texts("it", generated()) == ["a"]


@pytest.mark.parametrize("size", [1, 50, 100])
def test_a_page_may_have_1_to_100_items(size: int) -> None:
    assert arguments.page_size(size) == size


@pytest.mark.parametrize("size", [0, 101, -1, 2.5, True, "50", None, pytest.param(HUGE, id="huge")])
def test_a_page_of_another_size_is_refused(size: object) -> None:
    with pytest.raises(InvalidArgumentError, match="limit has to be a whole number from 1 to 100"):
        arguments.page_size(size)


def test_a_text_may_have_as_many_characters_as_allowed_and_not_one_more() -> None:
    assert arguments.text("it", "a" * 255, most=255) == "a" * 255
    with pytest.raises(InvalidArgumentError, match="it has 256 characters; 255 is the most"):
        arguments.text("it", "a" * 256, most=255)


@pytest.mark.parametrize("value", [TaskType.CODE_EVALUATION, "code_evaluation", "CODE_EVALUATION", "Code_Evaluation"])
def test_a_known_value_of_an_enum_is_found_as_member_or_text_in_either_case(value: object) -> None:
    assert arguments.enum_member("it", TaskType, value) is TaskType.CODE_EVALUATION


@pytest.mark.parametrize("value", ["", "done", TaskRunStatus("paused"), 5, None, ["failed"]])
def test_an_unknown_value_of_an_enum_is_refused_with_the_known_ones(value: object) -> None:
    with pytest.raises(InvalidArgumentError, match="it has to be one of pending, running, completed, failed, canc"):
        arguments.enum_member("it", TaskRunStatus, value)


def test_a_value_of_an_enum_that_is_not_among_the_allowed_is_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="it has to be one of code_evaluation, not 'run_experiment'"):
        arguments.enum_member("it", TaskType, "run_experiment", among=[TaskType.CODE_EVALUATION])


START = NOON
WINDOWS = [
    ("one-microsecond", START, START + timedelta(microseconds=1)),
    ("exactly-30-days", START, START + timedelta(days=30)),
    ("two-offsets", START, (START + timedelta(days=30)).astimezone(timezone(timedelta(hours=9)))),
    (
        "30-days-over-a-longer-wall-clock",
        datetime(2026, 3, 28, 12, tzinfo=BERLIN),
        datetime(2026, 4, 27, 13, tzinfo=BERLIN),
    ),
    (
        "hour-that-comes-twice",
        datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN),
        datetime(2026, 10, 25, 2, 15, tzinfo=BERLIN, fold=1),
    ),
    (
        "the-first-day-there-is",
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5))),
        datetime(1, 1, 2, tzinfo=timezone(timedelta(hours=5))),
    ),
    (
        "the-last-day-there-is",
        datetime(9999, 12, 30, tzinfo=timezone(timedelta(hours=-5))),
        datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-5))),
    ),
    ("no-start", None, START),
    ("no-end", START, None),
    ("neither", None, None),
]
NO_WINDOWS = [
    ("start-is-end", START, START, "has to be before data_end_time"),
    ("start-after-end", START, START - timedelta(seconds=1), "has to be before data_end_time"),
    ("same-moment-in-two-offsets", START, START.astimezone(BERLIN), "has to be before data_end_time"),
    ("30-days-and-a-bit", START, START + timedelta(days=30, microseconds=1), "30 days is the most"),
    (
        "30-days-of-the-wall-clock-and-an-hour",
        datetime(2026, 10, 1, 12, tzinfo=BERLIN),
        datetime(2026, 10, 31, 12, tzinfo=BERLIN),
        "30 days, 1:00:00 apart; 30 days is the most",
    ),
]


@pytest.mark.parametrize(("start", "end"), [case[1:] for case in WINDOWS], ids=[case[0] for case in WINDOWS])
def test_a_window_of_up_to_30_days_is_accepted(start: datetime | None, end: datetime | None) -> None:
    arguments.check_window(start, end)


@pytest.mark.parametrize(
    ("start", "end", "message"), [case[1:] for case in NO_WINDOWS], ids=[f"C26-{case[0]}" for case in NO_WINDOWS]
)
def test_a_window_that_is_empty_or_too_long_is_refused(start: datetime, end: datetime, message: str) -> None:
    with pytest.raises(InvalidArgumentError, match=message):
        arguments.check_window(start, end)


def test_only_what_was_given_is_collected() -> None:
    wanted = arguments.checked_fields(
        {"left_out": UNSET, "cleared": None, "off": False, "zero": 0},
        {name: lambda _, value: value for name in ("left_out", "cleared", "off", "zero")},
    )

    assert wanted == {"cleared": None, "off": False, "zero": 0}


def test_not_given_and_null_are_translated_into_each_other_where_null_has_no_meaning() -> None:
    assert arguments.none_if_unset(UNSET) is None
    assert arguments.none_if_unset(0) == 0
    assert arguments.unset_if_none(None) is UNSET
    assert arguments.unset_if_none(False) is False


def test_a_moment_with_seconds_in_its_offset_is_sent_in_utc() -> None:
    moment = arguments.timestamp("it", NOON.astimezone(LOCAL_MEAN_TIME))

    assert timestamp_text(moment) == "2026-03-01T12:00:00.000Z"
    assert timestamp_text(arguments.timestamp("it", NOON.astimezone(BERLIN))) == "2026-03-01T13:00:00.000+01:00"
