"""The catalogue of all bugs to plant."""

from __future__ import annotations

from .in_client import IN_CLIENT
from .in_doors import IN_DOORS
from .in_mock_responses import IN_MOCK_RESPONSES
from .in_mock_rules import IN_MOCK_RULES

ALL = (*IN_MOCK_RULES, *IN_MOCK_RESPONSES, *IN_CLIENT, *IN_DOORS)
