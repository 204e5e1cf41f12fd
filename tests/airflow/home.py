"""An Airflow home, made before Airflow is imported, since it reads its configuration then."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from tempfile import mkdtemp


@cache
def make_home() -> Path:
    """Return a fresh home, which the environment names."""
    home = Path(mkdtemp(prefix="airflow-home-"))
    os.environ.update(
        AIRFLOW_HOME=str(home),
        AIRFLOW__CORE__LOAD_EXAMPLES="False",
        AIRFLOW__CORE__TEST_CONNECTION="Enabled",
        AIRFLOW__LOGGING__LOGGING_LEVEL="WARNING",
    )
    return home
