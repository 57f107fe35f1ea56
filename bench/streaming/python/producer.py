"""Produces events with kafka-python as a pipeline in Python commonly does: producer.py BROKERS TOPIC FILE, a file of one JSON event a line.

One line of JSON tells how many it sent.
"""

import json
import sys

from kafka import KafkaProducer

brokers, topic, path = sys.argv[1:4]
producer = KafkaProducer(
    bootstrap_servers=brokers,
    acks="all",
    key_serializer=lambda key: key.encode("utf-8"),
    value_serializer=lambda value: json.dumps(value).encode("utf-8"),
)
sent = 0
with open(path, encoding="utf-8") as lines:
    for line in lines:
        event = json.loads(line)
        producer.send(topic, key=event["user_id"], value=event)
        sent += 1
producer.flush()
producer.close()
print(json.dumps({"events": sent}))
