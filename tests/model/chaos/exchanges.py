"""What the journal of the mock tells of a call: what was carried out, what was lost, what could have been read."""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]

SUCCESSES = range(200, 300)
# The mock does not carry these out.
PREVENTED = ("status", "html-502", "reset")
# The client gets the answer, and all that it needs to know stands in it.
HARMLESS = ("extra-field", "delay:0s", "slow-drip:0s", "duplicate-page")
# The client learns that nothing was done. A 500 does not say so: what it did may show late.
REFUSED = ("status:429", "retry_after")
WRITES = ("POST", "PATCH", "DELETE")


def fault_of(exchange: Json) -> str:
    """What went wrong with it, as `reset` or `status:503 retry_after=1`; nothing when nothing did."""
    found = re.search(r"fault=(.*)", exchange["fault"] or "")
    return found[1] if found else ""


def is_write(exchange: Json) -> bool:
    return exchange["method"] in WRITES


def is_prevented(exchange: Json) -> bool:
    """Tell if a fault kept the request from being carried out."""
    return fault_of(exchange).startswith(PREVENTED)


def acted(exchange: Json) -> bool:
    """Whether it was carried out, and was no refusal."""
    return not is_prevented(exchange) and exchange["status"] in SUCCESSES


def is_lost(exchange: Json) -> bool:
    """Whether the client was not told what became of it."""
    fault = fault_of(exchange)
    return bool(fault) and not fault.startswith(HARMLESS) and not any(told in fault for told in REFUSED)


def is_legible(exchange: Json) -> bool:
    """Whether the client got the answer of a server that had nothing against it."""
    fault = fault_of(exchange)
    return (not fault or fault.startswith(HARMLESS)) and exchange["status"] in SUCCESSES


def is_decidable(exchanges: list[Json], *, has_effect: bool, is_shown: bool) -> bool:
    """Whether the exchanges of a write let the client know what became of it.

    They do not when an attempt was lost without being carried out, since nothing shows then; nor when what was read
    last after the one that was carried out was lost as well. Not to have looked is no excuse. Where reading may not
    tell, sending again does, unless a fault kept that from being carried out.

    Args:
        exchanges: all of them.
        has_effect: whether the write was carried out; under a fault the status does not always tell.
        is_shown: whether reading tells at once that it was.
    """
    lost = [exchange for exchange in exchanges if is_write(exchange) and is_lost(exchange)]
    done = [exchange for exchange in exchanges if is_write(exchange) and acted(exchange) and has_effect]
    if not done:
        return not lost
    after = [exchange for exchange in exchanges if exchange["number"] > done[0]["number"]]
    read = [exchange for exchange in after if not is_write(exchange)]
    again = [exchange for exchange in after if is_write(exchange)]
    if not is_shown and again and is_prevented(again[-1]):
        return False
    # Where it shows late, the readings tell together: those of runs, and those of experiments.
    return all(map(is_legible, read if not is_shown else read[-1:]))
