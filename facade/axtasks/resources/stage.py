"""The notice of the stage that the contract is in, once per process and stage."""

from __future__ import annotations

import logging
import os
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from axtasks.contract.dialect import Contract

SILENCING_VARIABLE = "ARIZE_TASKS_NO_ALPHA_WARNING"
LOGGER = "axtasks.alpha"
STAGES: dict[Contract, str] = {"documents": "ALPHA", "beta": "BETA"}
_logger = logging.getLogger(LOGGER)
# Each is acquired once and never released: a set-once flag.
_once: dict[Contract, Lock] = {contract: Lock() for contract in STAGES}


def warn_of_stage(contract: Contract) -> None:
    """Log a warning, once per process and stage, that the tasks API may change.

    Goes to the logger `axtasks.alpha`, with the stage as an attribute of the record. Silenced by any value of
    `ARIZE_TASKS_NO_ALPHA_WARNING`, or by `logging.getLogger("axtasks.alpha").setLevel("ERROR")`.

    Args:
        contract: the contract that is spoken.
    """
    if not os.environ.get(SILENCING_VARIABLE) and _once[contract].acquire(blocking=False):
        stage = STAGES[contract]
        message = "The tasks API is in %s and may change without notice. Set %s=1 to silence this."
        _logger.warning(message, stage, SILENCING_VARIABLE, extra={"stage": stage})
