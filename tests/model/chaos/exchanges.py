"""Facts about the exchanges in the mock's journal: which were carried out, lost, or readable by the client."""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]

SUCCESSES = range(200, 300)
# Faults under which the mock does not carry the request out.
PREVENTED = ("status", "html-502", "reset")
# Faults under which the client still gets a complete response.
HARMLESS = ("extra-field", "delay:0s", "slow-drip:0s", "duplicate-page")
# Faults that tell the client that nothing was done. A 500 does not: its effect may show later.
REFUSED = ("status:429", "retry_after")
WRITES = ("POST", "PATCH", "DELETE")


def fault_of(exchange: Json) -> str:
    """Return the fault of an exchange, as `reset` or `status:503 retry_after=1`; an empty text without one."""
    found = re.search(r"fault=(.*)", exchange["fault"] or "")
    return found[1] if found else ""


def is_write(exchange: Json) -> bool:
    return exchange["method"] in WRITES


def is_prevented(exchange: Json) -> bool:
    """Return True if a fault kept the mock from carrying the request out."""
    return fault_of(exchange).startswith(PREVENTED)


def is_carried_out(exchange: Json) -> bool:
    """Return True if the request was carried out successfully."""
    return not is_prevented(exchange) and exchange["status"] in SUCCESSES


def is_lost(exchange: Json) -> bool:
    """Return True if the client did not learn the result."""
    fault = fault_of(exchange)
    return bool(fault) and not fault.startswith(HARMLESS) and not any(refusal in fault for refusal in REFUSED)


def is_readable(exchange: Json) -> bool:
    """Return True if the client got a successful response."""
    fault = fault_of(exchange)
    return (not fault or fault.startswith(HARMLESS)) and exchange["status"] in SUCCESSES


def is_decidable(exchanges: list[Json], *, has_effect: bool, is_shown: bool) -> bool:
    """Return True if the client could find out whether its write was carried out.

    It could not if an attempt was lost without being carried out, since nothing shows then; nor if the last read after
    the carried-out attempt was lost too. A client that did not read could have done so. Where reading may not
    show the write, sending it again does, unless a fault kept that from being carried out.

    Args:
        exchanges: all exchanges of the call.
        has_effect: True if the write was carried out; under a fault the status may differ.
        is_shown: True if reading shows a carried-out write at once.
    """
    lost = [exchange for exchange in exchanges if is_write(exchange) and is_lost(exchange)]
    done = [exchange for exchange in exchanges if is_write(exchange) and is_carried_out(exchange) and has_effect]
    if not done:
        return not lost
    after = [exchange for exchange in exchanges if exchange["number"] > done[0]["number"]]
    read = [exchange for exchange in after if not is_write(exchange)]
    again = [exchange for exchange in after if is_write(exchange)]
    if not is_shown and again and is_prevented(again[-1]):
        return False
    # If the effect shows late, it takes all reads together to see it: those of runs and of experiments.
    return all(map(is_readable, read if not is_shown else read[-1:]))
