"""Tests of contract files: read as YAML 1.2, with duplicate keys refused by file and line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from spec.generator.contract import ContractError, load_contract, load_mapping
from tests.contract.rows import each

if TYPE_CHECKING:
    from pathlib import Path

SCALARS: tuple[tuple[str, Any], ...] = (
    ("no", "no"),
    ("Yes", "Yes"),
    ("on", "on"),
    ("2016-08-29T09:12:33Z", "2016-08-29T09:12:33Z"),
    ("2022-01-16", "2022-01-16"),
    ("12:30:45", "12:30:45"),
    ("1_000", "1_000"),
    ("0b1", "0b1"),
    ("true", True),
    ("FALSE", False),
    ("~", None),
    ("", None),
    ("010", 10),
    ("0o10", 8),
    ("0x1F", 31),
    ("-1", -1),
    ("1.50", 1.5),
    ("1e3", 1000.0),
    (".5", 0.5),
    ("'1'", "1"),
    ("=", "="),
)


def written(folder: Path, text: str) -> Path:
    """Return a file with this text."""
    file = folder / "their.yaml"
    file.write_text(text, encoding="utf-8")
    return file


@each((f"{text} is {value!r}", (text, value)) for text, value in SCALARS)
def test_a_scalar_is_what_the_core_schema_says(row: tuple[str, Any], tmp_path: Path) -> None:
    text, value = row

    assert load_mapping(written(tmp_path, f"a: {text}\n")) == {"a": value}


def test_keys_are_text_as_it_stands_there(tmp_path: Path) -> None:
    assert list(load_mapping(written(tmp_path, "{200: a, no: b, 1.10: c, 2022-01-16: d}"))) == [
        "200", "no", "1.10", "2022-01-16",
    ]  # fmt: skip


def test_a_merged_member_may_be_overridden(tmp_path: Path) -> None:
    text = "a: &a {x: 1, y: 2}\nb: &b {<<: *a, y: 3}\nc: {<<: *b, x: 4}\n"

    assert load_mapping(written(tmp_path, text))["c"] == {"x": 4, "y": 3}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: 1\nb: 2\na: 3\n", "their.yaml, line 3: 'a' stands twice, first in line 1"),
        ("p:\n  200: {}\n  '200': {}\n", "their.yaml, line 3: '200' stands twice, first in line 2"),
        ('{"a": {"b": 1,\n"b": 2}}', "their.yaml, line 2: 'b' stands twice, first in line 1"),
        ("a: [1\n", "their.yaml, line 2 is not a contract"),
        ("a: .nan\n", "not a contract: Out of range float"),
        ('{"a": 1e999}', "not a contract: Out of range float"),
        ("a: !!timestamp 2022-01-16\n", "not JSON serializable"),
        ("[a, b]: 1\n", "their.yaml, line 1: a key is not text"),
        ("a: &a [*a]\n", "not a contract"),
        ("- a\n", "its top level is not a mapping"),
        ("", "its top level is not a mapping"),
        ("a: 1\n---\nb: 1\n", "is not a contract"),
    ],
)
def test_another_file_is_refused_in_one_line(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(ContractError) as refused:
        load_mapping(written(tmp_path, text))

    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_operation_id_that_stands_twice_is_refused_with_both_places(tmp_path: Path) -> None:
    text = "paths:\n  /a:\n    get:\n      operationId: getX\n  /b:\n    put: {operationId: getX}\n"

    with pytest.raises(ContractError) as refused:
        load_contract(written(tmp_path, text))

    says = "operationId 'getX' stands twice, at GET /a and PUT /b (their.yaml line 4, their.yaml line 6)"
    assert str(refused.value) == says
