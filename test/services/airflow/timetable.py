"""Asks DAGs when they run, and partitioned ones which partitions they make of others: a list of requests on stdin, a list of answers on stdout.

{"file", "dagId", "from", "to"}: the runs that the scheduler would create were FROM the DAG's start date, as long as they are due by TO.
{"file", "dagId", "asset": {"name", "uri"}, "upstream": [key], "downstream": [key]}: what the mapper of the asset makes of the keys.
"""

import json
import sys

from dag_folders import as_scheduled, load, reply

import pendulum  # noqa: E402
from airflow.timetables.base import TimeRestriction  # noqa: E402


def iso(instant):
    return None if instant is None else pendulum.instance(instant).in_timezone("UTC").strftime("%Y-%m-%dT%H:%M:%SZ")


def next_run(timetable, last, restriction):
    if hasattr(timetable, "next_dagrun_info_v2"):
        return timetable.next_dagrun_info_v2(last_dagrun_info=last, restriction=restriction)
    return timetable.next_dagrun_info(last_automated_data_interval=last and last.data_interval, restriction=restriction)


def runs(timetable, earliest, latest):
    restriction = TimeRestriction(earliest=earliest, latest=latest, catchup=True)
    last = None
    while True:
        try:
            info = next_run(timetable, last, restriction)
        except ValueError as error:
            # As the scheduler: the DAG never runs again.
            yield {"error": "after %s: %s" % (last and iso(last.run_after), error)}
            return
        if info is None or info.run_after > latest:
            return
        yield {
            "runAfter": iso(info.run_after),
            "start": iso(info.data_interval and info.data_interval.start),
            "end": iso(info.data_interval and info.data_interval.end),
            "partitionKey": getattr(info, "partition_key", None),
            "partitionDate": iso(getattr(info, "partition_date", None)),
        }
        last = info


def mapped(call, keys):
    """What a mapper says of each key: a sorted list of keys, or the message of its error."""

    def one(key):
        try:
            answer = call(key)
        except Exception as error:
            return "%s: %s" % (type(error).__name__, error)
        return [answer] if isinstance(answer, str) else sorted(answer)

    return {key: one(key) for key in keys}


def mapping(timetable, request):
    asset = request["asset"]
    mapper = timetable.get_partition_mapper(name=asset.get("name") or "", uri=asset.get("uri") or "")
    return {
        "mapper": type(mapper).__name__,
        "toDownstream": mapped(mapper.to_downstream, request.get("upstream", [])),
        "toUpstream": mapped(mapper.to_upstream, request.get("downstream", [])) if mapper.is_rollup else {},
        "partitionDate": {key: date_of(mapper, key) for key in request.get("downstream", [])},
    }


def date_of(mapper, key):
    try:
        return iso(mapper.to_partition_date(key))
    except Exception as error:
        return "%s: %s" % (type(error).__name__, error)


def main():
    files = {}
    timetables = {}
    answers = []
    for request in json.load(sys.stdin):
        file, dag_id = request["file"], request["dagId"]
        if file not in files:
            files[file] = load(file)
        dags, errors = files[file]
        if dag_id not in dags:
            raise SystemExit("%s has no DAG %s, only %s; errors: %s" % (file, dag_id, sorted(dags), errors))
        if (file, dag_id) not in timetables:
            timetables[file, dag_id] = as_scheduled(dags[dag_id][1]).timetable
        timetable = timetables[file, dag_id]
        if "asset" in request:
            answers.append(mapping(timetable, request))
        else:
            answers.append(list(runs(timetable, pendulum.parse(request["from"]), pendulum.parse(request["to"]))))
    reply(answers)


main()
