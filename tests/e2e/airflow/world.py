"""The world of the mock for the DAGs."""

from __future__ import annotations

from typing import Any

SPACE = "fleet"
MANY = 20
EVALUATIONS = [f"evaluation-{number:02d}" for number in range(MANY)]
SLOW = [f"slow-{number}" for number in range(10)]
KEY = "ak-planted-" + "5f2c9d71e8"
"""The key in the connection, which must not be found anywhere."""

WORLD: dict[str, Any] = {
    # The DAGs of the page use these tasks.
    "extends": "default",
    # Runs end only when a test says so.
    "settings": {"lifecycle": "manual", "keys": [{"key": KEY}]},
    "spaces": [{"name": SPACE}],
    "projects": [{"name": "fleet-prod", "space": SPACE, "spans_per_hour": 600}],
    "evaluators": [{"name": "Fleet Quality", "space": SPACE}],
    "tasks": [
        *(
            {
                "name": name,
                "type": "template_evaluation",
                "project": "fleet-prod",
                "space": SPACE,
                "evaluators": ["Fleet Quality"],
            }
            for name in (*EVALUATIONS, *SLOW)
        ),
    ],
}
