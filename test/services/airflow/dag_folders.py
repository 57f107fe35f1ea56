"""DAG files in Airflow's own DagBag, of 3.x or 2.9 and later, without a metadata database. Import this module before anything of Airflow."""

import atexit
import os
import shutil
import sys
import tempfile
import traceback

home = tempfile.mkdtemp(prefix="spindle-airflow-")
atexit.register(shutil.rmtree, home, ignore_errors=True)
os.environ.update(
    AIRFLOW_HOME=home,
    AIRFLOW__CORE__LOAD_EXAMPLES="False",
    AIRFLOW__COSMOS__ENABLE_TELEMETRY="False",
    AIRFLOW__CORE__DAGS_FOLDER=os.path.join(home, "dags"),
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN="sqlite:///" + os.path.join(home, "none.db"),
    AIRFLOW__LOGGING__BASE_LOG_FOLDER=os.path.join(home, "logs"),
    AIRFLOW__LOGGING__LOGGING_LEVEL="CRITICAL",
)

# What a DAG file prints must not end up in the answer.
answer = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

from airflow.models.dagbag import DagBag  # noqa: E402

try:
    from airflow.dag_processing.dagbag import DagBag  # noqa: F811
    from airflow.serialization.serialized_objects import DagSerialization
except ImportError:
    from airflow.serialization.serialized_objects import SerializedDAG as DagSerialization


def load(folder):
    """The DAGs of a folder or file as {dag id: (DAG, its serialized form)}, and what Airflow's DAG processor would report, by file."""
    options = {"safe_mode": False}
    if "include_examples" in DagBag.__init__.__code__.co_varnames:
        options["include_examples"] = False
    bag = DagBag(folder, **options)
    errors = {relative(file, folder): error for file, error in bag.import_errors.items()}
    dags = {}
    for dag_id, dag in sorted(bag.dags.items()):
        try:
            dags[dag_id] = (dag, DagSerialization.to_dict(dag))
        except Exception:
            errors[relative(dag.fileloc, folder)] = traceback.format_exc()
    return dags, errors


def relative(file, folder):
    return os.path.relpath(file, folder if os.path.isdir(folder) else os.path.dirname(folder))


def as_scheduled(serialized):
    """The DAG as the scheduler has it: read back from its serialized form, with the core's timetable."""
    return DagSerialization.from_dict(serialized)


def is_mapped(task):
    return hasattr(task, "partial_kwargs")


def reply(value):
    import json

    json.dump(value, answer, sort_keys=True, default=repr)
    answer.flush()
    sys.stdout.flush()
