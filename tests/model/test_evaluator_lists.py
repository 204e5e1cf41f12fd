"""Evaluators in any form: names, ids, dicts and models are sent in their order, each once."""

from __future__ import annotations

import copy
from typing import Any, NamedTuple

import pytest
from axtasks import InvalidArgumentError, TaskEvaluatorInput
from hypothesis import given
from hypothesis import strategies as st

from tests.model.schema_data import deterministic
from tests.unit import support

# Evaluators of the space that fit a template_evaluation task.
EVALUATORS = {"Hallucination Eval": support.HALLUCINATION, "Relevance Eval": "RXZhbHVhdG9yOjEzOnJFbFY="}


class Choice(NamedTuple):
    """An evaluator in one of the forms that a caller may use."""

    name: str
    by_name: bool
    form: str
    query_filter: str | None
    column_mappings: dict[str, str] | None

    @property
    def is_bare(self) -> bool:
        """True if it is given as text alone."""
        return self.form == "text"

    def given(self) -> Any:
        """Return the argument that the caller passes."""
        reference = self.name if self.by_name else EVALUATORS[self.name]
        if self.is_bare:
            return reference
        data = {"evaluator_id": reference, "query_filter": self.query_filter, "column_mappings": self.column_mappings}
        return data if self.form == "dict" else TaskEvaluatorInput.from_dict(data)

    def seen(self) -> tuple[str, str, str | None, dict[str, str] | None]:
        """Return the evaluator as the task shows it."""
        told = (None, None) if self.is_bare else (self.query_filter, self.column_mappings)
        return (EVALUATORS[self.name], self.name, *told)


CHOICES = st.builds(
    Choice,
    st.sampled_from(sorted(EVALUATORS)),
    st.booleans(),
    st.sampled_from(["text", "dict", "model"]),
    st.none() | st.sampled_from(["", "a = 1", "é = '🙂'"]),
    st.none() | st.dictionaries(st.sampled_from(["input", "output"]), st.sampled_from(["a.b", "c"]), max_size=2),
)


@pytest.mark.parametrize("writes", ["create", "update"])
def test_evaluators_are_sent_in_their_order_and_refused_when_one_stands_there_twice(writes: str) -> None:
    @deterministic(20)
    @given(st.lists(CHOICES, min_size=1, max_size=3), st.sampled_from([support.Blocking, support.Awaiting]))
    def check(choices: list[Choice], client_kind: support.ClientKind) -> None:
        stage = support.Stage()
        evaluators = [choice.given() for choice in choices]
        before = copy.deepcopy(evaluators)

        def write(ax: Any) -> Any:
            if writes == "update":
                return ax.tasks.update(support.CHAT_QUALITY, evaluators=evaluators, space="demo")
            return ax.tasks.create_evaluation_task(
                "n", task_type="template_evaluation", project=support.CHAT_PROD, evaluators=evaluators, space="demo"
            )

        if len({choice.name for choice in choices}) < len(choices):
            with pytest.raises(InvalidArgumentError, match=r"evaluators: .* more than once"):
                client_kind.ask(stage.recorder, write)
            assert stage.writes == []
        else:
            task = client_kind.ask(stage.recorder, write)
            told = [(e.evaluator_id, e.evaluator_name, e.query_filter, e.column_mappings) for e in task.evaluators]
            assert told == [choice.seen() for choice in choices]
        assert evaluators == before, "what the caller gave is the caller's"

    check()
