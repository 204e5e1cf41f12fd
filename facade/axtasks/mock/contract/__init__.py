"""The contracts as the mock reads them: operations, schemas, vocabulary, and how values are spelled in each.

May be imported by everything of the mock but the modules at its top. Start with `contract.of`.

`of`, `DEFAULT` and the names of the contracts can be imported from here too.
"""

from .contract import BETA, DEFAULT, DOCUMENTS, NAMES, Contract, of

__all__ = ["BETA", "DEFAULT", "DOCUMENTS", "NAMES", "Contract", "of"]
