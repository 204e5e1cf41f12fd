"""A provider for Apache Airflow 3: operators, a sensor and triggers for tasks that run hundreds of times a night.

Airflow finds it by the entry point `apache_airflow_provider`; without Airflow nothing imports it. Nothing of `axtasks`
may import it. `operators`, `sensors` and `hooks` are what a DAG uses. The modules that decide, such as `schedule`,
`names` and `task_outcome`, do not import Airflow.
"""

from __future__ import annotations

PACKAGE = "ax-tasks"
CONNECTION_TYPE = "ax_tasks"
HOOK_NAME = "Arize AX Tasks"
# Fields of a connection's extra: their labels and their descriptions.
FIELDS = {
    "space": ("Space", "Name or id of the space that names are looked up in."),
    "region": ("Region", "The account's region, such as eu-west-1a."),
    "base_url": ("Base URL", "Scheme and host of the server, in place of a region."),
    "contract": ("Contract", "auto, documents or beta."),
    "ca_file": ("CA file", "Certificates of the authorities to trust, as PEM."),
    "ui_url": ("UI URL", "The address of the space in the browser, for links."),
}
HIDDEN_FIELDS = ("host", "login", "port", "schema", "extra")
RELABELED = {"password": "API key"}


def get_provider_info() -> dict[str, object]:
    """Return what Airflow shows and loads of this provider, as its schema of provider info says."""
    from axtasks import __version__

    modules = {"integration-name": HOOK_NAME}
    return {
        "package-name": PACKAGE,
        "name": HOOK_NAME,
        "description": "Triggers tasks of Arize AX exactly once, waits for them without a worker, cancels killed ones.",
        "versions": [__version__],
        "integrations": [{"integration-name": HOOK_NAME, "external-doc-url": "https://arize.com/docs/ax"}],
        "operators": [{**modules, "python-modules": ["axtasks.airflow.operators"]}],
        "sensors": [{**modules, "python-modules": ["axtasks.airflow.sensors"]}],
        "hooks": [{**modules, "python-modules": ["axtasks.airflow.hooks"]}],
        "triggers": [{**modules, "python-modules": ["axtasks.airflow.triggers"]}],
        "extra-links": ["axtasks.airflow.links.AxTaskLink", "axtasks.airflow.links.AxExperimentLink"],
        "connection-types": [
            {
                "connection-type": CONNECTION_TYPE,
                "hook-class-name": "axtasks.airflow.hooks.AxTasksHook",
                "hook-name": HOOK_NAME,
                "ui-field-behaviour": {"hidden-fields": list(HIDDEN_FIELDS), "relabeling": RELABELED},
                "conn-fields": {
                    name: {"label": label, "description": described, "schema": {"type": ["string", "null"]}}
                    for name, (label, described) in FIELDS.items()
                },
            }
        ],
    }
