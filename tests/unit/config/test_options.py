"""Tests of all settings values: equality by content, and immutability."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING, Any

import pytest
from axtasks import Hooks, InvalidArgumentError, Limits, NameMemory, RetryPolicy, Timeouts

if TYPE_CHECKING:
    from collections.abc import Callable

    from axtasks.config.options import Value

# How each is made, in two ways that differ in one thing.
VALUES: dict[type[Value], tuple[dict[str, Any], dict[str, Any]]] = {
    Timeouts: ({"connect": 1.5, "read": 2.5, "total": 3.5}, {"total": 4.5}),
    Limits: ({"response_bytes": 1, "pages": 2}, {"pages": 3}),
    NameMemory: ({"entries": 1, "seconds": 2.5}, {"seconds": 3.5}),
    RetryPolicy: ({"attempts": 1, "first_pause": 2.5, "longest_pause": 3.5, "jitter": float}, {"attempts": 2}),
    Hooks: ({"on_request": print, "on_response": None, "on_retry": None, "on_poll": None}, {"on_poll": print}),
}
any_value = pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)


@any_value
def test_a_value_has_its_arguments_as_attributes(kind: type[Value]) -> None:
    given, _ = VALUES[kind]
    made = kind(**given)

    assert {name: getattr(made, name) for name in given} == given
    assert set(kind.__slots__) == set(given)
    assert all(f"{name}={value!r}" in repr(made) for name, value in given.items())


@any_value
def test_values_with_equal_content_are_equal(kind: type[Value]) -> None:
    given, change = VALUES[kind]

    assert kind(**given) == kind(**given)
    assert hash(kind(**given)) == hash(kind(**given))
    assert kind(**given) != kind(**given).__replace__(**change)
    assert kind(**given) != tuple(given.values())
    assert len({kind(**given), kind(**given), kind()}) == 2


@any_value
def test_a_copy_with_one_change_keeps_the_other_fields(kind: type[Value]) -> None:
    given, change = VALUES[kind]
    other = kind(**given).__replace__(**change)

    assert {name: getattr(other, name) for name in given} == {**given, **change}


@any_value
def test_a_value_is_immutable(kind: type[Value]) -> None:
    given, change = VALUES[kind]
    made: Any = kind(**given)
    (name,) = change

    with pytest.raises(AttributeError, match=rf"^{name} of {kind.__name__} cannot be changed: make another one$"):
        setattr(made, name, change[name])
    with pytest.raises(AttributeError, match=rf"^{name} of {kind.__name__} cannot be taken away: make another one$"):
        delattr(made, name)
    with pytest.raises(AttributeError, match="colour"):
        made.colour = "red"

    assert made == kind(**given)


@any_value
@pytest.mark.parametrize(
    "duplicate",
    [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))],
    ids=["copy", "deep", "pickle"],
)
def test_a_copy_equals_it(kind: type[Value], duplicate: Callable[[object], object]) -> None:
    made = kind(**VALUES[kind][0])

    assert duplicate(made) == made


@any_value
def test_fields_are_keyword_only(kind: type[Value]) -> None:
    unnamed: Any = kind

    with pytest.raises(TypeError, match="positional argument"):
        unnamed(1)


def test_a_change_is_checked_as_well() -> None:
    with pytest.raises(InvalidArgumentError, match=r"^limits\.pages has to be a whole number of at least 1, not 0$"):
        Limits().__replace__(pages=0)


def test_a_copy_of_a_subclass_is_of_that_subclass() -> None:
    class Patient(RetryPolicy):
        """A retry policy with growing pauses of its own."""

        def pause(self, attempt: int, *, retry_after_seconds: float | None = None) -> float:
            return retry_after_seconds or self.longest_pause * attempt

    made = Patient(attempts=9)

    assert isinstance(made.__replace__(attempts=3), Patient)
    assert made != RetryPolicy(attempts=9)
    assert repr(made).startswith("Patient(attempts=9")
