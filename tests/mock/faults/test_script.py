"""Fault scripts: the fault that a text means, and the error for a text that means none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axtasks.mock.contract import contract
from axtasks.mock.faults.effects import UNHEARD_OF
from axtasks.mock.faults.fault import Fault, FaultError, FaultKind, parse
from axtasks.mock.jsontypes import as_object

if TYPE_CHECKING:
    from collections.abc import Callable

RESET = Fault(kind=FaultKind.RESET)
UNAVAILABLE = Fault(kind=FaultKind.STATUS, status=503)

SCRIPTS = {
    "fault=status:503": UNAVAILABLE,
    "after=3, times=2, operation=get_task_run, fault=status:503 retry_after=1": Fault(
        kind=FaultKind.STATUS, status=503, retry_after=1, after=3, times=2, operation="get_task_run"
    ),
    "fault=delay:2s": Fault(kind=FaultKind.DELAY, seconds=2),
    "fault=delay:250ms": Fault(kind=FaultKind.DELAY, seconds=0.25),
    "fault=delay:1.5": Fault(kind=FaultKind.DELAY, seconds=1.5),
    "fault=delay:0": Fault(kind=FaultKind.DELAY, seconds=0),
    "fault=reset": RESET,
    "fault=empty": Fault(kind=FaultKind.EMPTY),
    "fault=truncate": Fault(kind=FaultKind.TRUNCATE),
    "fault=garbage": Fault(kind=FaultKind.GARBAGE),
    "fault=slow-drip": Fault(kind=FaultKind.SLOW_DRIP, seconds=1),
    "fault=slow-drip:10ms": Fault(kind=FaultKind.SLOW_DRIP, seconds=0.01),
    "fault=html-502": Fault(kind=FaultKind.HTML_502),
    "fault=unknown-enum": Fault(kind=FaultKind.UNKNOWN_ENUM),
    "fault=extra-field": Fault(kind=FaultKind.EXTRA_FIELD),
    "fault=duplicate-page": Fault(kind=FaultKind.DUPLICATE_PAGE),
    "fault=accept-then-drop": Fault(kind=FaultKind.ACCEPT_THEN_DROP),
    "reset": RESET,
    "times=1 reset": Fault(kind=FaultKind.RESET, times=1),
    "  every=3 ,, method=post\tpath=/v2/tasks/*  reset ": Fault(
        kind=FaultKind.RESET, every=3, method="POST", path="/v2/tasks/*"
    ),
    "after=0, every=1, fault=reset": RESET,
}


@pytest.mark.parametrize(("text", "fault"), SCRIPTS.items(), ids=SCRIPTS)
def test_scripts(text: str, fault: Fault) -> None:
    """A script is a fault with the requests that it selects; the text of a fault is a script for the same."""
    assert parse(text) == (fault,)
    assert parse(str(fault)) == (fault,)


@pytest.mark.parametrize(
    "text", ["fault=reset; fault=status:503", "reset\nstatus:503\n", "\n;reset;\n;status:503;"], ids=repr
)
def test_several_scripts(text: str) -> None:
    """Semicolons and line ends separate scripts."""
    assert parse(text) == (RESET, UNAVAILABLE)


def test_the_text_of_a_fault() -> None:
    """A fault always has the same text."""
    fault = parse("retry_after=1 status:503 operation=get_task_run times=2 after=3")[0]

    assert str(fault) == "after=3, times=2, operation=get_task_run, fault=status:503 retry_after=1"


BAD_SCRIPTS = {
    "": "there is no fault in the text",
    " ; \n": "there is no fault in the text",
    "times=2": "it has no fault=",
    "fault=resets": '"resets" is not a fault; did you mean "reset"?',
    "fault=": '"" is not a fault: status, html-502,',
    "fault=status": "as in status:503",
    "fault=status:": 'status has to be a whole number, not ""',
    "fault=status:many": 'status has to be a whole number, not "many"',
    "fault=status:200": "status has to be from 400 to 599, not 200",
    "fault=status:600": "status has to be from 400 to 599, not 600",
    "fault=delay": "as in delay:2s",
    "fault=delay:soon": 'delay has to be a time such as 2s, 250ms or 1.5, not "soon"',
    "fault=delay:-1s": 'not "-1s"',
    "fault=delay:86401s": "between 0 and 86400 seconds",
    "fault=slow-drip:x": 'slow-drip has to be a time such as 2s, 250ms or 1.5, not "x"',
    "fault=reset:5": '"reset" takes nothing after a colon, not "5"',
    "tims=2, fault=reset": '"tims" is not a key; did you mean "times"? (in tims=2)',
    "colour=red, fault=reset": '"colour" is not a key: after, times,',
    "times=two, fault=reset": 'times has to be a whole number, not "two"',
    "times=0, fault=reset": "times has to be a whole number, 1 or more, not 0",
    "every=0, fault=reset": "every has to be a whole number, 1 or more, not 0",
    "after=-1, fault=reset": 'after has to be a whole number, not "-1"',
    "times=1, times=2, fault=reset": '"times" was given more than once',
    "fault=reset, fault=empty": '"fault" was given more than once',
    "fault=reset, empty": '"fault" was given more than once',
    "fault=status:429 retry-after:5": '"retry-after:5" is not a fault; did you mean "retry_after=5"?',
    "fault=status:429 retry-after=5": '"retry-after" is not a key; did you mean "retry_after"?',
    "tims:2, fault=reset": '"tims:2" is not a fault; did you mean "times=2"?',
    "fault:reset": 'did you mean "fault=reset"?',
    "every, reset": '"every" is not a fault; did you mean "every=..."?',
    "fault=reset, emtpy": '"emtpy" is not a fault; did you mean "empty"?',
    "slow_drip": '"slow_drip" is not a fault; did you mean "slow-drip"?',
    "operation=get_run, fault=reset": '"get_run" is not an operation; did you mean "get_task_run"?',
    "method=FETCH, fault=reset": '"FETCH" is not a method',
    "path=v2, fault=reset": 'path has to begin with "/"',
    "fault=reset retry_after=1": "retry_after goes with a status, not with reset",
}


@pytest.mark.parametrize(("text", "words"), BAD_SCRIPTS.items(), ids=map(repr, BAD_SCRIPTS))
def test_bad_scripts(text: str, words: str) -> None:
    """A script that cannot be read is refused, with the word that is wrong."""
    with pytest.raises(FaultError) as caught:
        parse(text)

    assert words in str(caught.value)


def test_a_bad_script_among_good_ones() -> None:
    """The message says in which script the word is."""
    with pytest.raises(FaultError, match='in the fault script "times=x, reset":'):
        parse("fault=empty; times=x, reset; fault=garbage")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Fault(kind=FaultKind.RESET, status=503), "reset has no status"),
        (lambda: Fault(kind=FaultKind.RESET, seconds=1), "reset takes no seconds"),
        (lambda: Fault(kind=FaultKind.DELAY, seconds=float("nan")), "not nan"),
        (lambda: Fault(kind=FaultKind.RESET, path="/v2/tasks, x"), "no comma"),
    ],
    ids=["status", "seconds", "not a number", "path"],
)
def test_values_are_checked_as_well(make: Callable[[], Fault], words: str) -> None:
    """A fault that no script could state cannot be made as a value either."""
    with pytest.raises(FaultError, match=words):
        make()


def test_the_unknown_value_is_unknown() -> None:
    """No enum of the contract has the value, and no object the member, that stands for an unknown one."""
    schemas = as_object(as_object(contract.of(contract.DOCUMENTS).document["components"])["schemas"])

    for name, schema in schemas.items():
        declared = as_object(schema)
        assert UNHEARD_OF not in str(declared.get("enum", "")), name
        assert UNHEARD_OF not in as_object(declared.get("properties", {})), name
