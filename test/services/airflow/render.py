"""Renders the templates of tasks as a worker does: a list of requests on stdin, a list of {"fields"} or {"error"} on stdout.

{"file", "dagId", "taskId", "run": {…}, "tryNumber", "maxTries", "mapIndex"}; what RUN leaves out of logicalDate, dataIntervalStart,
dataIntervalEnd, partitionKey and conf the run does not have.
"""

import json
import sys
import types

from dag_folders import is_mapped, load, reply

import pendulum  # noqa: E402

INSTANT = "2026-01-02T03:04:05Z"


def instant(run, field):
    return pendulum.parse(run[field]) if run.get(field) else None


def context_3(task, request):
    """The context that the task SDK itself makes of what the API server sends."""
    import uuid

    from airflow.sdk.api.datamodels._generated import DagRun, TIRunContext
    from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance

    run = request["run"]
    run_id = run.get("runId", "manual__" + INSTANT)
    dag_run = DagRun(
        dag_id=task.dag_id,
        run_id=run_id,
        logical_date=instant(run, "logicalDate"),
        data_interval_start=instant(run, "dataIntervalStart"),
        data_interval_end=instant(run, "dataIntervalEnd"),
        run_after=instant(run, "runAfter") or pendulum.parse(INSTANT),
        start_date=pendulum.parse(INSTANT),
        end_date=None,
        run_type=run.get("runType", "manual"),
        state="running",
        conf=run.get("conf"),
        consumed_asset_events=[],
        partition_key=run.get("partitionKey"),
        partition_date=instant(run, "partitionDate"),
    )
    max_tries = request.get("maxTries", task.retries)
    instance = RuntimeTaskInstance.model_construct(
        id=uuid.uuid4(),
        task_id=task.task_id,
        dag_id=task.dag_id,
        run_id=run_id,
        try_number=request.get("tryNumber", 1),
        map_index=request.get("mapIndex", -1),
        dag_version_id=uuid.uuid4(),
        task=task,
        bundle_instance=None,
        max_tries=max_tries,
        start_date=pendulum.parse(INSTANT),
    )
    instance._ti_context_from_server = TIRunContext(dag_run=dag_run, max_tries=max_tries)
    return instance.get_template_context()


def context_2(task, request):
    """What 2.x always has: a logical date and its data interval, that of a manual run being the run's instant."""
    run = request["run"]
    logical = instant(run, "logicalDate") or pendulum.parse(INSTANT)
    start, end = instant(run, "dataIntervalStart") or logical, instant(run, "dataIntervalEnd") or logical
    run_id = run.get("runId", "manual__" + INSTANT)
    instance = types.SimpleNamespace(
        dag_id=task.dag_id,
        task_id=task.task_id,
        run_id=run_id,
        try_number=request.get("tryNumber", 1),
        max_tries=request.get("maxTries", task.retries),
        map_index=request.get("mapIndex", -1),
    )
    dag_run = types.SimpleNamespace(
        dag_id=task.dag_id,
        run_id=run_id,
        run_type=run.get("runType", "manual"),
        conf=run.get("conf") or {},
        logical_date=logical,
        execution_date=logical,
        data_interval_start=start,
        data_interval_end=end,
        external_trigger=True,
    )
    return {
        "conf": None,
        "dag": task.dag,
        "dag_run": dag_run,
        "data_interval_end": end,
        "data_interval_start": start,
        "ds": logical.strftime("%Y-%m-%d"),
        "logical_date": logical,
        "params": task.params,
        "run_id": run_id,
        "task": task,
        "task_instance": instance,
        "ti": instance,
        "ts": logical.isoformat(),
        "var": {"value": None, "json": None},
    }


def rendered(task, request):
    try:
        from airflow.sdk.execution_time import task_runner  # noqa: F401

        context = context_3(task, request)
    except ImportError:
        context = context_2(task, request)
    if is_mapped(task):
        task.render_template_fields(context)
        task = context["ti"].task  # which is what was made of the mapped one
    else:
        task = task.prepare_for_execution()
        task.render_template_fields(context, task.dag.get_template_env())
    return {field: getattr(task, field) for field in task.template_fields}


def main():
    files = {}
    answers = []
    for request in json.load(sys.stdin):
        file = request["file"]
        if file not in files:
            files[file] = load(file)
        dags, errors = files[file]
        if request["dagId"] not in dags:
            raise SystemExit("%s has no DAG %s, only %s; errors: %s" % (file, request["dagId"], sorted(dags), errors))
        task = dags[request["dagId"]][0].get_task(request["taskId"])
        try:
            answers.append({"fields": rendered(task, request)})
        except Exception as error:
            answers.append({"error": "%s: %s" % (type(error).__name__, error)})
    reply(answers)


main()
