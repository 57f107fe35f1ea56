"""Runs dbt for Spindle in one long-lived process.

Requests come on stdin, one JSON object a line: {"args": [...], "env": {...}, "manifest": path?}; one is answered before the next is taken.
`manifest` is where what `dbt parse` read is to be written.
Answers go to stdout, one JSON object a line: {"type": "ready"} once dbt is imported, then for each request
{"type": "started", "node"} and {"type": "finished", "node", ...} as nodes begin and end, and one {"type": "done", ...}.
The process ends at once when stdin does, so it never outlives the one who started it.
"""

import gc
import json
import os
import queue
import signal
import threading


def read_requests(stdin, requests):
    for line in stdin:
        requests.put(json.loads(line))
    os._exit(0)  # the warehouse rolls back what is open


def release_warehouse():
    try:
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager as manager
    except ImportError:
        return
    if manager._ENV is not None:
        manager._ENV.close()
        manager._ENV = None
    gc.collect()


def hide_secrets(text, env):
    """dbt masks these in what it logs and prints, but not in each message that it hands to us."""
    for name, value in env.items():
        if name.startswith("DBT_ENV_SECRET_"):
            for line in value.splitlines():  # a message may quote a key with its ends of line escaped
                if line:
                    text = text.replace(line, "*****")
    return text


def answer(request, send):
    from dbt.cli.main import dbtRunner

    def hide(text):
        return hide_secrets(text, request["env"])

    finished = set()
    unmatched = []

    def on_event(event):
        name, data = event.info.name, event.data
        if name == "NodeStart":
            send({"type": "started", "node": data.node_info.unique_id})
        elif name == "NodeFinished":
            finished.add(data.node_info.unique_id)
            result = data.run_result
            send(
                {
                    "type": "finished",
                    "node": data.node_info.unique_id,
                    "status": result.status,
                    "seconds": result.execution_time,
                    "message": hide(result.message),
                    "failures": result.num_failures,
                }
            )
        elif name == "NoNodesForSelectionCriteria":
            unmatched.append(data.spec_raw)

    os.environ.update(request["env"])
    outcome = dbtRunner(callbacks=[on_event]).invoke(request["args"])
    release_warehouse()
    if outcome.success and request.get("manifest"):
        outcome.result.write(request["manifest"])
    results = getattr(outcome.result, "results", None) or []
    for result in results:
        if result.node.unique_id not in finished:  # skipped ones have no event of their own
            send(
                {
                    "type": "finished",
                    "node": result.node.unique_id,
                    "status": str(result.status),
                    "seconds": result.execution_time,
                    "message": hide(result.message or ""),
                    "failures": 0,
                }
            )
    send(
        {
            "type": "done",
            "nodes": len(results),
            "unmatched": unmatched,
            "error": hide(str(outcome.exception)) if outcome.exception else None,
        }
    )


def main():
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to us as well; our starter decides
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # whatever prints is no answer
    stdin = os.fdopen(os.dup(0), "r")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # helper processes of dbt must not read requests
    requests = queue.Queue()
    threading.Thread(target=read_requests, args=(stdin, requests), daemon=True).start()

    lock = threading.Lock()

    def send(message):
        with lock:  # dbt reports from each of its threads
            answers.write(json.dumps(message) + "\n")

    from dbt.cli.main import dbtRunner  # noqa: F401

    send({"type": "ready"})
    while True:
        answer(requests.get(), send)


if __name__ == "__main__":  # dbt starts helper processes that import this file again
    main()
