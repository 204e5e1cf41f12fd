"""What there is in the account of the DAGs."""

from __future__ import annotations

from typing import Any

SPACE = "demo"
MANY = 20
EVALUATIONS = [f"evaluation-{number:02d}" for number in range(MANY)]
SLOW = [f"slow-{number}" for number in range(10)]
EXPERIMENT = "golden-set-review"
KEY = "ak-planted-" + "5f2c9d71e8"
"""The key in the connection, which must not be found anywhere."""

WORLD: dict[str, Any] = {
    # Runs go on when a test says so.
    "settings": {"lifecycle": "manual", "keys": [{"key": KEY}]},
    "spaces": [{"name": SPACE}],
    "projects": [{"name": "chat-prod", "space": SPACE, "spans_per_hour": 600}],
    "datasets": [{"name": "golden-set", "space": SPACE, "examples": 10}],
    "evaluators": [{"name": "Hallucination", "space": SPACE}],
    "ai_integrations": [{"name": "openai-main", "space": SPACE}],
    "tasks": [
        *(
            {
                "name": name,
                "type": "template_evaluation",
                "project": "chat-prod",
                "space": SPACE,
                "evaluators": ["Hallucination"],
            }
            for name in (*EVALUATIONS, *SLOW)
        ),
        {
            "name": EXPERIMENT,
            "type": "run_experiment",
            "dataset": "golden-set",
            "space": SPACE,
            "run_configuration": {
                "experiment_type": "llm_generation",
                "ai_integration": "openai-main",
                "model_name": "gpt-4o",
                "messages": [{"role": "user", "content": "{{question}}"}],
                "input_variable_format": "mustache",
            },
        },
    ],
}
