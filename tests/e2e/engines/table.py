"""Run the cases with one engine, and format the tables of the results."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import trustme

from tests.e2e.engines.cases import CASES, MISREAD, Case
from tests.e2e.engines.engine import CLIENTS, PROXY, Engine
from tests.e2e.engines.runner import proxy_environment, run_case
from tests.e2e.engines.server import IPV6_HOST, has_ipv6, nasty_names
from tests.e2e.engines.verdict import OK, WORDS, WRONG, Cell, Verdict, judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

AT_ONCE = 24
# A fault is there each time; a processor that others take away for some seconds is not.
MOST_TRIES = 4
CELL_WIDTH = 66


def cases_here(names: Iterable[str] = ()) -> list[Case]:
    """Return the cases that this machine can run.

    Args:
        names: parts of the names of cases; all cases when empty.
    """
    wanted = [*names]
    found = [case for case in CASES if not wanted or any(name in case.name for name in wanted)]
    return [case for case in found if case.host != IPV6_HOST or has_ipv6()]


def run_cases(engine: Engine, cases: Iterable[Case]) -> list[tuple[Cell, Verdict]]:
    """Run the cases with both clients and one engine: those that mostly wait concurrently, the others one by one.

    Args:
        engine: the engine.
        cases: the cases.
    """
    pairs = [(case, client) for case in cases for client in CLIENTS]
    authority = trustme.CA()
    with tempfile.TemporaryDirectory() as folder, nasty_names(), engine.selected():
        ca_file = Path(folder) / "authority.pem"
        authority.cert_pem.write_to_path(str(ca_file))

        def run_pair(pair: tuple[Case, str], proxy_url: str) -> Cell:
            return run_case(pair[0], engine, pair[1], authority=authority, ca_file=ca_file, proxy_url=proxy_url)

        def alone(pair: tuple[Case, str]) -> Cell:
            with proxy_environment(engine, pair[0]) as proxy_url:
                return run_pair(pair, proxy_url)

        cells: dict[tuple[str, str], Cell] = {}
        with proxy_environment(engine) as proxy_url, ThreadPoolExecutor(AT_ONCE) as pool:
            waiting = [pair for pair in pairs if not is_alone(pair[0], engine)]
            for pair, cell in zip(waiting, pool.map(lambda pair: run_pair(pair, proxy_url), waiting), strict=True):
                cells[pair[0].name, pair[1]] = cell
        for case, client in pairs:
            key = case.name, client
            for _ in range(MOST_TRIES):
                if key not in cells or deserves_another_try(cells[key], case, engine):
                    cells[key] = alone((case, client))
    return [(cells[case.name, client], judge(cells[case.name, client], case, engine)) for case, client in pairs]


def deserves_another_try(cell: Cell, case: Case, engine: Engine) -> bool:
    """Return true if a cell may be wrong only because the processors were shared.

    A misread response is given another try only if it is accepted, and was late.
    """
    is_late_alone = judge(cell._replace(seconds=0.0), case, engine).word != WRONG
    is_misread = MISREAD in (cell.outcome, cell.next)
    return judge(cell, case, engine).word == WRONG and (is_late_alone or not is_misread)


def is_alone(case: Case, engine: Engine) -> bool:
    """Return true if a case has to run alone: it needs a processor, or the environment, for itself."""
    return case.is_busy or (engine.kind == PROXY and bool(case.host))


def lines(judged: Iterable[tuple[Cell, Verdict]]) -> Iterator[str]:
    """Yield the table: for each case and client the outcome, the state of the request, the time, the next call."""
    rows: dict[str, list[tuple[Cell, Verdict]]] = {}
    for cell, verdict in judged:
        rows.setdefault(cell.case, []).append((cell, verdict))
    width = max(map(len, rows), default=0)
    yield f"{'':{width}}" + "".join(f"  {client:<{CELL_WIDTH}}" for client in CLIENTS)
    for name, pair in rows.items():
        yield (f"{name:{width}}" + "".join(f"  {cell_text(*each):<{CELL_WIDTH}}" for each in pair)).rstrip()


def cell_text(cell: Cell, verdict: Verdict) -> str:
    """Return a cell as text."""
    word = "" if verdict.word == OK else f"  {verdict.word}"
    return f"{cell.outcome:<21} {cell.sent:<8} {cell.seconds:5.2f} s  {cell.next:<16}{word}"


def notes(judged: Iterable[tuple[Cell, Verdict]]) -> Iterator[str]:
    """Yield a line for each cell that is not as expected, the wrong ones last."""
    for cell, verdict in sorted(judged, key=lambda each: WORDS.index(each[1].word)):
        if verdict.word != OK:
            found = f"{cell.outcome} after {cell.seconds:.2f} s, next {cell.next}"
            yield f"{verdict.word}: {cell.case}, {cell.client}: {found}; {verdict.reason}"


def mended(judged: Iterable[tuple[Cell, Verdict]], engine: Engine) -> Iterator[str]:
    """Yield a line for each known defect that does not show any more, so that its entry can be deleted."""
    words = {(cell.case, cell.client): verdict.word for cell, verdict in judged}
    for case in CASES:
        for differs in case.today:
            names = {engine.name, engine.kind} & {*differs.engines}
            found = {words.get((case.name, client)) for client in differs.clients}
            if names and found == {OK}:
                yield f"mended: {case.name}, {' and '.join(differs.clients)}: {differs.reason}"
