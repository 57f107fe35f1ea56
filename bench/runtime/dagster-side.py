"""One measurement of `bench runtime` on Dagster's side, in a process of its own: dagster-side.py MODE SHAPE COUNT [FOLDER].

What it measured goes to the standard output as one line of JSON.
"""

import sys
import time

BEGUN = time.perf_counter()

import json
import os
import resource

MODE, SHAPE, COUNT = sys.argv[1], sys.argv[2], int(sys.argv[3])
LAYER = 100
NAMES = ["first", "second"]
WRAP = 1_000_007


def parents_of(index):
    """Which assets each one reads: the one before it, or two of the layer before."""
    if SHAPE == "chain":
        return [] if index == 0 else [index - 1]
    start = (index // LAYER - 1) * LAYER
    return [] if start < 0 else [start + index % LAYER, start + (index + 1) % LAYER]


def declare():
    from dagster import AssetIn, AssetKey, asset

    started = time.perf_counter()
    assets = []
    for index in range(COUNT):

        @asset(
            name=f"asset_{index}",
            ins={name: AssetIn(key=AssetKey(f"asset_{parent}")) for name, parent in zip(NAMES, parents_of(index))},
        )
        def body(**inputs) -> int:
            return sum(inputs.values()) % WRAP + 1

        assets.append(body)
    return assets, time.perf_counter() - started


def resolve(assets):
    from dagster import Definitions

    started = time.perf_counter()
    definitions = Definitions(assets=assets)
    definitions.resolve_implicit_global_asset_job_def()
    return definitions, time.perf_counter() - started


def load():
    assets, define = declare()
    _, resolved = resolve(assets)
    return {"define": define, "resolve": resolved}


def plan():
    from dagster._core.execution.api import create_execution_plan

    assets, _ = declare()
    definitions, resolved = resolve(assets)
    started = time.perf_counter()
    job = definitions.resolve_implicit_global_asset_job_def()
    planned = create_execution_plan(job)
    if len(planned.step_keys_to_execute) != COUNT:
        raise RuntimeError("A first run makes everything.")
    return {"resolve": resolved, "plan": time.perf_counter() - started}


def materialized(instance):
    from dagster import materialize, mem_io_manager

    assets, _ = declare()
    busy = time.process_time()
    started = time.perf_counter()
    result = materialize(
        assets,
        instance=instance,
        resources={"io_manager": mem_io_manager},
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
    )
    wall, cpu = time.perf_counter() - started, time.process_time() - busy
    ran = len(result.get_asset_materialization_events())
    if not result.success or ran != COUNT:
        raise RuntimeError(f"Only {ran} assets were materialized.")
    return {"wall": wall, "cpu": cpu, "events": len(result.all_events), "value": result.output_for_node(f"asset_{COUNT - 1}")}


def memory():
    from dagster import DagsterInstance

    return materialized(DagsterInstance.ephemeral())


def persistent():
    """The folder that DAGSTER_HOME names holds an instance on SQLite, Dagster's default."""
    from dagster import DagsterInstance

    with DagsterInstance.get() as instance:
        return materialized(instance)


def peak_memory():
    """MiB. Where Linux tells it, of this program alone: what the system counts for a process begins with that of the process that started it."""
    if not os.path.exists("/proc/self/status"):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


# Values stay as they are, in memory, in all of them: Dagster has nothing nearer to an object store in memory.
result = {"load": load, "plan": plan, "memory": memory, "stored": memory, "persistent": persistent}[MODE]()
total = {"total": time.perf_counter() - BEGUN, "memory": peak_memory()}
sys.stdout.write(json.dumps({**result, **total}) + "\n")
