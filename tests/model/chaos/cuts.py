"""Cuts the responses to all kinds of write at every byte, and prints the results: `make cuts ENGINE=httpx`.

Each write is made once for each byte of its response, with both clients; the connection is closed there, then reset.
The write was carried out each time, so the client has to return its effect, and must not repeat it.
"""

from __future__ import annotations

import argparse
import ssl
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any
from unittest import mock as patching

from axtasks import AmbiguousOutcomeError, AxError
from axtasks.mock import MockServer
from axtasks.mock.faults.registry import Faults

from tests.dialects import BETA, DOCUMENTS
from tests.engines import DIRECT, ENGINES, carried_by
from tests.model.chaos.cases import CASES
from tests.model.chaos.client_adapters import ADAPTERS
from tests.model.chaos.network import Network, StalledError, VirtualTime, frozen_mock
from tests.model.chaos.proxy import Action, Disturbance, Proxy, Side
from tests.model.chaos.simulated_user import RETRY, SLACK_SECONDS, TIMEOUTS
from tests.model.chaos.tables import Columns, print_defects, print_row, print_titles
from tests.model.chaos.verdict import DEFECTS, DOUBLED, LATE, LOST, NEEDLESS, UNTYPED, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from axtasks.mock import Mock

ENDINGS = (Action.CLOSE, Action.RESET)
# An offset beyond the end of any response.
NOWHERE = 1_000_000
COLUMNS: Columns = (
    ("write", 24),
    ("bytes", 7),
    ("cuts", 7),
    ("requests", 10),
    *((defect, len(defect) + 2) for defect in DEFECTS),
    ("took", 8),
)


@dataclass(frozen=True)
class Series:
    """A kind of write with one client, whose response is cut at many bytes.

    Attributes:
        name: the kind of write, one of `CASES`.
        adapter: the client, one of `ADAPTERS`.
        engine: the HTTP engine.
        contract: the contract of the mock.
        every: the number of bytes between two cuts.
    """

    name: str
    adapter: str
    engine: str = DIRECT
    contract: str = DOCUMENTS
    every: int = 1


def cut(series: Series) -> tuple[int, Verdict]:
    """Return the size of the response, and the verdict on its cuts."""
    started = time.monotonic()
    mock = frozen_mock(lifecycle="manual", contract=series.contract)
    with (
        carried_by(series.engine),
        # Each httpx client reads all certificates again, which takes longer than the rest of a cut.
        patching.patch("ssl.create_default_context", cache(ssl.create_default_context)),
        MockServer(mock) as server,
        Proxy(server.url) as proxy,
    ):
        response = make(series, mock, proxy, Disturbance(Side.RESPONSE, NOWHERE, Action.CLOSE), Verdict())
        verdict = Verdict()
        for disturbance in disturbances(len(response), series.every):
            make(series, mock, proxy, disturbance, verdict)
    verdict.seconds = time.monotonic() - started
    return len(response), verdict


def disturbances(length: int, every: int) -> Iterator[Disturbance]:
    """Yield the cuts of a response, the last one after its end.

    Args:
        length: the size of the response.
        every: the number of bytes between two cuts.
    """
    for ending, at in product(ENDINGS, sorted({*range(0, length, every), length})):
        yield Disturbance(Side.RESPONSE, at, ending)


def make(series: Series, mock: Mock, proxy: Proxy, disturbance: Disturbance, verdict: Verdict) -> bytes:
    """Make the write once and judge it; return the response of the mock.

    Args:
        series: the write and its client.
        mock: the mock, which starts over.
        proxy: the proxy before the mock.
        disturbance: the cut.
        verdict: collects the results.
    """
    case = CASES[series.name]
    mock.start_over()
    before = mock.journal.last_number
    network = Network(mock, VirtualTime(mock), Faults())
    settings = {"timeout": TIMEOUTS, "retry": RETRY, "contract": series.contract, "clock": network.time.clock}
    value: Any = None
    error: Exception | None = None
    with (
        ADAPTERS[series.adapter](api_key="any", space="demo", base_url=proxy.url, **settings) as client,
        network.intercepting(client.client),
    ):
        prepared = "" if case.prepare is None else client.ask(case.prepare).id
        began = network.time.now
        proxy.arm(disturbance, beginning=case.method.encode())
        try:
            value = client.ask(lambda it: case.call(it, prepared))
        except Exception as failed:  # noqa: BLE001  whatever it is, it is judged
            error = failed
        seconds = network.time.now - began
    effects = case.effects(mock, prepared)
    done = [each for each in mock.journal.exchanges(case.operation) if each.status in range(200, 300)]
    what = f"{series}, {disturbance.action} at {disturbance.at}: came to {effects}, and the call to {error or value!r}"
    verdict.operations += 1
    verdict.writes += 1
    verdict.requests += mock.journal.last_number - before
    verdict.struck += disturbance.is_done
    verdict.longest_seconds = max(verdict.longest_seconds, seconds)
    if len(effects) > 1 or len(done) > 1:
        verdict.find(DOUBLED, what)
    if isinstance(error, StalledError) or seconds > TIMEOUTS.total + SLACK_SECONDS:
        verdict.find(LATE, what)
    elif isinstance(error, AmbiguousOutcomeError):
        verdict.find(NEEDLESS, what)
    elif error is not None and not isinstance(error, AxError):
        verdict.find(UNTYPED, what)
    elif error is not None or not case.is_reported(value, effects):
        verdict.find(LOST, what)
    return disturbance.received[Side.RESPONSE]


def main() -> int:
    """Cut everything and print a line for each kind of write; return 1 if there are defects."""
    parser = argparse.ArgumentParser(prog="make cuts", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--every", type=int, default=1, help="the number of bytes between two cuts")
    parser.add_argument("--contract", choices=(DOCUMENTS, BETA), default=DOCUMENTS, help="the contract of the mock")
    parser.add_argument("--engine", choices=ENGINES, default=DIRECT, help="the HTTP engine of the client")
    parser.add_argument("--jobs", type=int, default=2, help="the number of processes")
    options = parser.parse_args()
    started = time.monotonic()
    print_titles(COLUMNS)
    verdicts: list[Verdict] = []
    total_bytes = 0
    with ProcessPoolExecutor(options.jobs) as pool:
        series = [Series(*pair, options.engine, options.contract, options.every) for pair in product(CASES, ADAPTERS)]
        results = pool.map(cut, series)
        for name in CASES:
            (length, first), (_, second) = next(results), next(results)
            verdict = Verdict.sum((first, second))
            verdicts.append(verdict)
            total_bytes += length
            print_row(figures(name, length, verdict), COLUMNS)
    total = Verdict.sum(verdicts)
    total.seconds = time.monotonic() - started
    print_row(figures("all", total_bytes, total), COLUMNS)
    print_defects(total.defects)
    return 1 if total.defects else 0


def figures(name: str, length: int, verdict: Verdict) -> list[object]:
    """Return the figures of a line of the table."""
    defects = map(verdict.count, DEFECTS)
    return [name, length, verdict.writes, verdict.requests, *defects, f"{verdict.seconds:.0f} s"]


if __name__ == "__main__":
    sys.exit(main())
