"""The journal of requests and responses: to look at, to count, to export, and to assert on."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import deque
from typing import TYPE_CHECKING

from axtasks.mock.contract import contract as contracts
from axtasks.mock.ids import IdKind
from axtasks.mock.world.names import Worlds

from . import har
from .exchange import asks_for
from .matching import Filter, Matcher, check

if TYPE_CHECKING:
    from collections.abc import Mapping

    from axtasks.mock.contract.contract import Contract
    from axtasks.mock.jsontypes import JsonObject, JsonValue
    from axtasks.mock.messages import Headers

    from .exchange import Exchange

MOST_EXCHANGES = 10_000
MOST_BYTES = 16 * 1024 * 1024
SHOWN_CALLS = 5
SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "x-api-key"})
MASK = "***"
CREATE_TASK = "create_task"


class Journal:
    """Exchanges in the order in which they were answered: the latest ones, the rest is only counted."""

    def __init__(
        self, most: int = MOST_EXCHANGES, *, known: Worlds | None = None, contract: Contract | None = None
    ) -> None:
        """`known` tells how things are named now, and how they were named before."""
        if most < 1:
            raise ValueError(f"a journal keeps 1 exchange or more, not {most}")
        self._most = most
        self._known = Worlds(lambda: (), threading.Lock()) if known is None else known
        self._contract = contracts.of(contracts.DEFAULT) if contract is None else contract
        self._kept: deque[Exchange] = deque()
        self._size = 0
        self._lock = threading.Lock()
        self.dropped = 0
        """The number of exchanges that had to make room since the journal was last cleared."""
        self.last_number = 0
        """The number of the latest exchange, kept or not; numbers go on after the journal was cleared."""

    def record(self, exchange: Exchange) -> None:
        """Keep an exchange; the oldest ones make room for it."""
        with self._lock:
            self.last_number = exchange.number
            self._kept.append(exchange)
            self._size += exchange.size
            while len(self._kept) > self._most or (self._size > MOST_BYTES and len(self._kept) > 1):
                self._size -= self._kept.popleft().size
                self.dropped += 1

    def clear(self) -> None:
        """Forget all exchanges."""
        with self._lock:
            self._kept.clear()
            self._size = 0
            self.dropped = 0

    def __len__(self) -> int:
        return len(self._kept)

    def newest_first(self) -> list[Exchange]:
        """All kept exchanges, from the latest back."""
        return self._all()[::-1]

    def matching(self, wanted: Filter) -> list[Exchange]:
        """The kept exchanges that are meant, the oldest first.

        Raises:
            ValueError: there is no such operation or method, or the operation has no such field.
        """
        among = self._all()
        check(wanted, self._contract, (exchange.method for exchange in among))
        among = among[bisect_right(among, wanted.since or 0, key=lambda it: it.number) :]
        matcher = self._matcher(wanted)
        return [it for it in among if wanted.operation in {None, it.operation} and matcher.fits(it)]

    def exchanges(self, operation: str | None = None, **conditions: JsonValue) -> list[Exchange]:
        """The kept exchanges that match all that is given, as `Filter` explains it, the oldest first."""
        return self.matching(Filter.of(operation, conditions))

    def count(self, operation: str | None = None, **conditions: JsonValue) -> int:
        """Count the kept exchanges that match all conditions, as `Filter` explains them."""
        return len(self.matching(Filter.of(operation, conditions)))

    def har(self) -> JsonObject:
        """All kept exchanges as an HTTP archive (HAR 1.2)."""
        return har.archive(self.exchanges(), self._contract)

    def assert_called(
        self,
        operation: str,
        *,
        times: int | None = None,
        method: str | None = None,
        path: str | None = None,
        status: int | None = None,
        since: int | None = None,
        fault: str | None = None,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, JsonValue] | None = None,
        space: str | None = None,
        project: str | None = None,
        dataset: str | None = None,
        experiment: str | None = None,
        evaluator: str | None = None,
        task: str | None = None,
        run: str | None = None,
        **fields: JsonValue,
    ) -> list[Exchange]:
        """The exchanges of an operation that match all that is given: `times` of them, or at least one.

        Args:
            operation: its id, such as `trigger_task_run`.
            times: how many there have to be; with 0, it must not have been called so.
            method: the HTTP method.
            path: the path, in which `*` stands for anything.
            status: the status of the answer.
            since: the number of an exchange; only later ones count.
            fault: part of the fault that struck.
            query: parameters that were sent in the query.
            body: what the body that was sent contains.
            space: name or identifier of a space that the exchange is about; as are the following.
            project: of a project.
            dataset: of a dataset.
            experiment: of an experiment.
            evaluator: of an evaluator.
            task: of a task. One that was deleted or renamed in the meantime still counts by its old name.
            run: identifier of a run.
            **fields: what was sent under these names, in the path, the query or the body: `max_spans=100`.

        Raises:
            AssertionError: there are more or fewer; the text lists the calls that come nearest. Or there have to be
                none, and `task` is a name that no task ever had and nobody sent.
            ValueError: there is no such operation or method, or the operation has no such field.
        """
        __tracebackhide__ = True  # pytest then shows the line of the test
        conditions = {"method": method, "path": path, "status": status, "since": since, "fault": fault}
        words = {"space": space, "project": project, "dataset": dataset, "experiment": experiment}
        words |= {"evaluator": evaluator, "task": task, "run": run}
        wanted = Filter.of(operation, {**fields, **conditions, "query": query, "body": body, **words})
        found = self.matching(wanted)
        if len(found) == times or (times is None and found):
            if not found:
                self._check_name(wanted)
            return found
        raise AssertionError(self._account(wanted, times, found))

    def _check_name(self, wanted: Filter) -> None:
        """Refuse the name of a task that nobody ever heard of: without calls of it, it is probably a misspelt one."""
        name = wanted.resources.get(IdKind.TASK.noun)
        # Whoever asks for the creation of a task may expect that there is none.
        if name is None or wanted.operation == CREATE_TASK or any(asks_for(it, name) for it in self._all()):
            return
        __tracebackhide__ = True
        said = list(self._matcher(Filter(resources={IdKind.TASK.noun: name})).unknown())
        if said:
            raise AssertionError(f"no call of {wanted.operation} was expected, but {said[0]}")

    def _all(self) -> list[Exchange]:
        with self._lock:
            return list(self._kept)

    def _matcher(self, wanted: Filter) -> Matcher:
        return Matcher(wanted, self._known, self._all() if wanted.resources else (), self._contract)

    def _account(self, wanted: Filter, times: int | None, found: list[Exchange]) -> str:
        expected = "at least one call" if times is None else "1 call" if times == 1 else f"{times} calls"
        given = f" with {wanted}" if str(wanted) else ""
        lines = [f"expected {expected} of {wanted.operation}{given}, found {len(found)}"]
        lines += [f"  {exchange}" for exchange in found[-SHOWN_CALLS:]]
        matcher = self._matcher(wanted)
        lines += matcher.unknown()
        others = [(matcher.misses(exchange), exchange) for exchange in self._all()]
        nearest = sorted(
            ((misses, it) for misses, it in others if misses),
            key=lambda other: ("operation" in other[0], len(other[0]), -other[1].number),
        )
        if nearest:
            lines.append("the nearest other calls, and what is different about them:")
            lines += [f"  {exchange} ({'; '.join(misses)})" for misses, exchange in nearest[:SHOWN_CALLS]]
        elif not found:
            lines.append("nothing was called")
        if self.dropped:
            lines.append(f"{self.dropped} older exchanges are no longer kept")
        return "\n".join(lines)


def masked(headers: Headers) -> Headers:
    """Headers that give no secret away: of credentials only their scheme is left."""
    return tuple((name, _masked(value) if name.lower() in SECRET_HEADERS else value) for name, value in headers)


def _masked(value: str) -> str:
    scheme, blank, _ = value.partition(" ")
    return f"{scheme} {MASK}" if blank and scheme.isalpha() else MASK
