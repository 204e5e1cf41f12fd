"""The model-based test of the facade: random calls of both clients, each compared with the prediction of a model.

Each response or error has to match the prediction, and every few calls all visible state is compared.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.model.model_calls import ALL, FIRST
from tests.model.model_draws import CallDraws
from tests.model.model_environment import AWAITING, BLOCKING, CALLERS
from tests.model.model_faults import KINDS, WRITES, Fault
from tests.model.model_refusals import refused
from tests.model.model_runner import GONE, READER, VISITOR, CallStep, LifecycleStep, StepRunner, WaitStep
from tests.model.model_script import ScriptError
from tests.model.model_shrink import shorten

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hypothesis.strategies import DataObject

    from tests.model.model_calls import Call
    from tests.model.model_runner import Step
    from tests.model.model_world import Json

ONE_IN_SOCKETS = 10
SHORTENING_SECONDS = 15.0
PAUSES = [1, 0.001, 5, 12, 60, 3600, 86_400, 29 * 86_400, 30 * 86_400, 31 * 86_400]
LIFECYCLES = ["time:0", "time:10", "time:60", "time:60 failed", "manual", "time:10 cancelled"]
CREATED = ["create_task", "list_projects", "list_datasets", "list_evaluators", "list_spaces"]
OPERATIONS = {
    "tasks.create_evaluation_task": CREATED,
    "tasks.create_run_experiment_task": CREATED[:3],
    "tasks.update": ["update_task", "get_task", "list_tasks", "list_evaluators"],
    "tasks.delete": ["delete_task", "list_tasks", "list_spaces"],
    "tasks.trigger_run": ["trigger_task_run", "get_task", "list_tasks"],
    "tasks.ensure_run": ["trigger_task_run", "list_task_runs", "get_task", "list_tasks"],
    "tasks.cancel_run": ["cancel_task_run"],
    "tasks.get": ["get_task", "list_tasks"],
    "tasks.list": ["list_tasks", "list_spaces"],
    "tasks.list_runs": ["list_task_runs", "list_tasks"],
    "tasks.get_run": ["get_task_run"],
    "tasks.wait_for_run": ["get_task_run"],
}


# Replacements of kinds of calls in sequences about runs that are triggered once.
ABOUT_RUNS = {
    **dict.fromkeys(("get", "get_thing", "update", "delete"), "ensure"),
    **dict.fromkeys(("list_tasks", "list_runs", "lookups"), "backfill"),
}
USUAL_CALLERS = ("", "", "_bare")


class FacadeMachine(RuleBasedStateMachine):
    """The state machine of Hypothesis: each rule draws a call and makes it."""

    replacements: Mapping[str, str] = {}  # never changed

    def __init__(self) -> None:
        super().__init__()
        self.runner: StepRunner | None = None
        self.failed: ScriptError | None = None

    @initialize(door=st.integers(0, ONE_IN_SOCKETS - 1), data=st.data())
    def begin(self, door: int, data: DataObject) -> None:
        """Create a few tasks."""
        self.runner = StepRunner(is_socket=door == ONE_IN_SOCKETS - 1)
        for kind in ("create_evaluation", "create_experiment", "create_evaluation"):
            self.make_call(data, kind, is_plain=True)

    def teardown(self) -> None:
        if self.runner is None:
            return
        with self.runner as runner:
            if self.failed is None:
                runner.compare_everything()

    @rule(data=st.data())
    def create_evaluation(self, data: DataObject) -> None:
        self.make_call(data, "create_evaluation")

    @rule(data=st.data())
    def create_experiment(self, data: DataObject) -> None:
        self.make_call(data, "create_experiment")

    @rule(data=st.data())
    def get(self, data: DataObject) -> None:
        self.make_call(data, "get")

    @rule(data=st.data())
    def update(self, data: DataObject) -> None:
        self.make_call(data, "update")

    @rule(data=st.data())
    def update_again(self, data: DataObject) -> None:
        self.make_call(data, "update")

    @rule(data=st.data())
    def delete(self, data: DataObject) -> None:
        self.make_call(data, "delete")

    @rule(data=st.data())
    def trigger(self, data: DataObject) -> None:
        self.make_call(data, "trigger")

    @rule(data=st.data())
    def trigger_more(self, data: DataObject) -> None:
        self.make_call(data, "trigger")

    @rule(data=st.data())
    def trigger_after_a_month(self, data: DataObject) -> None:
        self.run_step(WaitStep(31 * 86_400))
        self.make_call(data, "trigger")

    @rule(data=st.data())
    def trigger_again(self, data: DataObject) -> None:
        self.make_call(data, "trigger")

    @rule(data=st.data())
    def ensure(self, data: DataObject) -> None:
        self.make_call(data, "ensure")

    @rule(data=st.data())
    def ensure_again(self, data: DataObject) -> None:
        self.make_call(data, "ensure")

    @rule(data=st.data())
    def backfill(self, data: DataObject) -> None:
        self.make_call(data, "backfill")

    @rule(data=st.data())
    def list_tasks(self, data: DataObject) -> None:
        self.make_call(data, "list_tasks")

    @rule(data=st.data())
    def list_runs(self, data: DataObject) -> None:
        self.make_call(data, "list_runs")

    @rule(data=st.data())
    def get_run(self, data: DataObject) -> None:
        self.make_call(data, "get_run")

    @rule(data=st.data())
    def cancel(self, data: DataObject) -> None:
        self.make_call(data, "cancel")

    @rule(data=st.data())
    def wait(self, data: DataObject) -> None:
        self.make_call(data, "wait")

    @rule(data=st.data())
    def lookups(self, data: DataObject) -> None:
        self.make_call(data, "lookups")

    @rule(data=st.data())
    def get_thing(self, data: DataObject) -> None:
        self.make_call(data, "get_thing")

    @rule(
        data=st.data(), kind=st.sampled_from(["update", "trigger", "cancel", "delete", "create_evaluation", "get_run"])
    )
    def call_with_a_forbidden_key(self, data: DataObject, kind: str) -> None:
        self.make_call(data, kind, callers=[READER, READER, GONE])

    @rule(data=st.data(), kind=st.sampled_from(["get", "list_tasks", "list_runs", "get_run", "lookups", "get_thing"]))
    def call_with_a_key_for_one_space(self, data: DataObject, kind: str) -> None:
        self.make_call(data, kind, callers=[VISITOR])

    @rule(data=st.data())
    def send_invalid_request(self, data: DataObject) -> None:
        assert self.runner is not None
        client_kind = data.draw(st.sampled_from([BLOCKING, AWAITING]))
        call = refused(self.runner.model, data.draw(st.integers(0, 2**32)))
        self.run_step(CallStep(client_kind, call))

    @rule(data=st.data())
    def follow_cursor(self, data: DataObject) -> None:
        """Continue a list with a cursor of an earlier call; sometimes with a cursor that is invalid here."""
        assert self.runner is not None
        if not self.runner.cursors:
            return
        caller, call = data.draw(st.sampled_from(self.runner.cursors))
        client_kind = data.draw(st.sampled_from([BLOCKING, AWAITING]))
        changes: list[Json] = [{}, {"limit": 2}, {}, {"name": "o"}, {"cursor": "nonsense"}]
        change = data.draw(st.sampled_from(changes))
        is_cursor_valid = all(name == "limit" or call.named.get(name) == value for name, value in change.items())
        reading = data.draw(st.sampled_from([FIRST, ALL]))
        changed = replace(call, named={**call.named, **change}, reading=reading, is_cursor_valid=is_cursor_valid)
        self.run_step(CallStep(client_kind + caller, changed))

    @rule(seconds=st.sampled_from(PAUSES))
    def pass_time(self, seconds: float) -> None:
        self.run_step(WaitStep(seconds))

    @rule(text=st.sampled_from(LIFECYCLES))
    def set_lifecycle(self, text: str) -> None:
        self.run_step(LifecycleStep(text))

    def make_call(
        self, data: DataObject, kind: str, *, is_plain: bool = False, callers: Sequence[str] = USUAL_CALLERS
    ) -> None:
        """Draw a call of some kind, without mistakes if it is plain, and make it."""
        assert self.runner is not None
        kind = self.replacements.get(kind, kind) if callers is USUAL_CALLERS else kind
        client_kind = data.draw(st.sampled_from([BLOCKING, AWAITING]))
        caller = data.draw(st.sampled_from(callers))
        draws = CallDraws(data, self.runner.model, CALLERS[caller][1], is_plain=is_plain)
        call: Call = getattr(draws, kind)()
        fault = _fault(draws, call) if caller in {"", "_bare"} else None
        self.run_step(CallStep(client_kind + caller, call, fault))

    def run_step(self, step: Step) -> None:
        """Run a step."""
        assert self.runner is not None
        try:
            self.runner.run(step)
        except ScriptError as error:
            self.failed = error
            raise


def _fault(draws: CallDraws, call: Call) -> Fault | None:
    """Draw a fault for a call; None for most calls."""
    operations = OPERATIONS.get(call.method, [])
    if call.method == "tasks.ensure_run" and "data_end_time" not in call.named and "experiment_name" not in call.named:
        # No run over a dataset shows what triggered it.
        return None
    # Writes fail more often, as more can come of them.
    if not operations or not draws.oddly(4 if operations[0] in WRITES else 8):
        return None
    operation = draws.pick([operations[0]] * 3 + operations[1:])
    text = draws.pick(list(KINDS))
    is_short = KINDS[text].is_carried_out and operation in WRITES
    most = 2 if is_short else 3 if call.method == "tasks.wait_for_run" else 4
    return Fault(text, operation, draws.pick(range(1, most + 1)))


def run_sequences(
    *,
    sequences: int,
    steps: int,
    seed_number: int | None = None,
    shortening: float = SHORTENING_SECONDS,
    about_runs: bool = False,
) -> None:
    """Run random sequences of calls against the model.

    Args:
        sequences: the number of sequences.
        steps: the number of steps of each.
        seed_number: the seed of all choices; the same choices in each run when None.
        shortening: the seconds for making a failing sequence shorter.
        about_runs: True if most calls trigger runs once.

    Raises:
        ScriptError: a call does not match the model; the error has the shortest failing script found.
    """
    last: list[FacadeMachine] = []

    class Machine(FacadeMachine):
        replacements = ABOUT_RUNS if about_runs else {}

        def __init__(self) -> None:
            super().__init__()
            last[:] = [self]

    # Leaving out steps makes a sequence shorter in seconds. Shrinking choices would take minutes.
    options = settings(
        max_examples=sequences,
        stateful_step_count=steps,
        derandomize=seed_number is None,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(Machine if seed_number is None else seed(seed_number)(Machine), settings=options)
    except ScriptError as error:
        runner = last[0].runner
        assert runner is not None
        # The notes of Hypothesis on its choices say less than the script.
        raise shorten(runner.executed, error, is_socket=runner.is_socket, seconds=shortening) from None
