"""Parses one DAG file as Airflow's DAG processor does, which has imported what DAG files import: the seconds of it and of serializing what came of it."""

import json
import sys
import time

sys.path.insert(0, sys.argv[1])

import dag_folders  # noqa: E402, I001 (settles Airflow's folders)
import pendulum  # noqa: E402, F401
from airflow.providers.standard.operators.bash import BashOperator  # noqa: E402, F401
from airflow.sdk import DAG, Asset, TaskGroup, chain  # noqa: E402, F401

start = time.perf_counter()
bag = dag_folders.DagBag(sys.argv[2], safe_mode=False)
parsed = time.perf_counter()
if bag.import_errors:
    raise SystemExit(str(bag.import_errors))
tasks = 0
edges = 0
for dag in bag.dags.values():
    dag_folders.DagSerialization.to_dict(dag)
    tasks += len(dag.tasks)
    edges += sum(len(task.upstream_task_ids) for task in dag.tasks)
serialized = time.perf_counter()
print(json.dumps({"parse": parsed - start, "serialize": serialized - parsed, "tasks": tasks, "edges": edges}), file=dag_folders.answer)
