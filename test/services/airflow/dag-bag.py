"""Reads {"folders": [path]} on stdin and writes, for each folder, its DAGs with all that a test may compare, and its import errors."""

import json
import re
import sys

from dag_folders import as_scheduled, is_mapped, load, reply

FIELDS = (
    "append_env arguments bash_command cmds command container_name cwd docker_url env env_from env_vars environment executor_config image image_pull_policy"
    " in_cluster labels mounts name namespace network_mode params skip_on_exit_code"
).split()
SETTINGS = (
    "depends_on_past do_xcom_push max_active_tis_per_dag max_active_tis_per_dagrun owner pool pool_slots priority_weight queue retries"
    " retry_exponential_backoff run_as_user wait_for_downstream"
).split()


def seconds(delta):
    return None if delta is None else delta.total_seconds()


def dotted(callbacks):
    """The dotted paths of callbacks: of a notifier its class, of a partial what it calls; of a function of a DAG file with the file's name."""
    if callbacks is None:
        return []
    if not isinstance(callbacks, (list, tuple)):
        callbacks = [callbacks]
    return [path_of(callback) for callback in callbacks]


def path_of(callback):
    if isinstance(callback, str):
        return callback
    callback = getattr(callback, "func", callback)
    if not hasattr(callback, "__qualname__"):
        callback = type(callback)
    return re.sub(r"^unusual_prefix_[0-9a-f]+_", "", callback.__module__ + "." + callback.__qualname__)


def plain(value):
    """A value of an operator as JSON; what has no form in JSON as the text of its repr."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, dict):
        return {str(key): plain(of) for key, of in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(of) for of in value]
    if isinstance(value, (set, frozenset)):
        return sorted(plain(of) for of in value)
    if callable(value):
        return path_of(value)
    if hasattr(value, "to_dict"):
        return plain(value.to_dict())
    if hasattr(value, "dump"):
        return plain(value.dump())
    return repr(value)


def asset(of):
    # In 2.9 a dataset has a URI alone.
    return {"name": getattr(of, "name", None), "uri": getattr(of, "uri", None)}


def task_dump(task):
    own = task.partial_kwargs if is_mapped(task) else {}

    def get(field):
        value = getattr(task, field, None)
        return own.get(field) if value is None else value

    group = task.task_group
    return {
        **{field: plain(get(field)) for field in SETTINGS},
        "doc_md": task.doc_md,
        "execution_timeout": seconds(task.execution_timeout),
        "fields": {field: plain(get(field)) for field in FIELDS if get(field) is not None},
        "group": group.group_id if group is not None else None,
        "inlets": [asset(of) for of in task.inlets],
        "mapped": is_mapped(task),
        "max_retry_delay": seconds(task.max_retry_delay),
        "on_failure_callback": dotted(get("on_failure_callback")),
        "on_retry_callback": dotted(get("on_retry_callback")),
        "on_success_callback": dotted(get("on_success_callback")),
        "operator": task.operator_class.__name__ if is_mapped(task) else type(task).__name__,
        "outlets": [asset(of) for of in task.outlets],
        "output_processor": dotted(get("output_processor")),
        "post_execute": dotted(getattr(task, "_post_execute_hook", None) or own.get("post_execute")),
        "retry_delay": seconds(task.retry_delay),
        "trigger_rule": str(getattr(task.trigger_rule, "value", task.trigger_rule)),
        "upstream": sorted(task.upstream_task_ids),
        "downstream": sorted(task.downstream_task_ids),
    }


def deadline_dump(alert):
    return {
        "callback": type(alert.callback).__name__,
        "callback_path": alert.callback.path,
        "callback_kwargs": plain(alert.callback.kwargs),
        "interval": seconds(alert.interval),
        "name": getattr(alert, "name", None),
        "reference": alert.reference.reference_name,
    }


def scheduled_on(dag, serialized):
    """The assets that the DAG waits for, and the condition that joins them in Airflow's own form."""
    condition = getattr(dag, "dataset_triggers", None)  # 2.9
    if condition is not None:
        return [{"name": None, "uri": uri} for uri, _ in condition.iter_datasets()], serialized["dag"]["dataset_triggers"]
    condition = getattr(dag.timetable, "asset_condition", None)
    if not condition:
        return [], None
    return [{"name": key.name, "uri": key.uri} for key, _ in condition.iter_assets()], plain(condition.as_expression())


def dag_dump(dag, serialized):
    scheduled = as_scheduled(serialized)
    timetable = scheduled.timetable
    assets, condition = scheduled_on(scheduled, serialized)
    deadlines = getattr(dag, "deadline", None) or []
    return {
        "assets": assets,
        "asset_condition": condition,
        "catchup": dag.catchup,
        "dagrun_timeout": seconds(dag.dagrun_timeout),
        "deadlines": [deadline_dump(alert) for alert in (deadlines if isinstance(deadlines, list) else [deadlines])],
        "default_args": sorted(dag.default_args),
        "description": dag.description,
        "display_name": getattr(dag, "dag_display_name", None),
        "doc_md": dag.doc_md,
        "end_date": dag.end_date and dag.end_date.isoformat(),
        "max_active_runs": dag.max_active_runs,
        "max_active_tasks": dag.max_active_tasks,
        "max_consecutive_failed_dag_runs": dag.max_consecutive_failed_dag_runs,
        "on_failure_callback": dotted(dag.on_failure_callback),
        "on_success_callback": dotted(dag.on_success_callback),
        "owner_links": dag.owner_links,
        "params": plain(dict(dag.params)),
        "render_template_as_native_obj": dag.render_template_as_native_obj,
        "start_date": dag.start_date and dag.start_date.isoformat(),
        "tags": sorted(dag.tags),
        "tasks": {task.task_id: task_dump(task) for task in dag.tasks},
        "timetable": {
            "type": type(timetable).__name__,
            "data": timetable.serialize(),
            "summary": timetable.summary,
        },
    }


def folder_dump(folder):
    dags, errors = load(folder)
    return {"dags": {dag_id: dag_dump(*dag) for dag_id, dag in dags.items()}, "errors": errors}


reply([folder_dump(folder) for folder in json.load(sys.stdin)["folders"]])
