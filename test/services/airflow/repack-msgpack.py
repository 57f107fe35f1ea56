"""What Airflow's own MessagePack makes of values: a list of {"hex"} or {"value"} on stdin; of each, the value as JSON, or the bytes, on stdout.

{"instants"} are ISO texts, which are written as Airflow writes instants."""

import json
import sys
from datetime import datetime

import msgspec


def answer(request):
    if "hex" in request:
        return json.dumps(msgspec.msgpack.decode(bytes.fromhex(request["hex"])), sort_keys=True)
    if "instants" in request:
        return msgspec.msgpack.encode([datetime.fromisoformat(each) for each in request["instants"]]).hex()
    return msgspec.msgpack.encode(request["value"]).hex()


json.dump([answer(request) for request in json.load(sys.stdin)], sys.stdout)
