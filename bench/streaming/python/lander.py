"""Lands a topic as a pipeline in Python commonly does, and as the one did that Spindle's replaces: kafka-python and boto3,
commits by the client's timer, a JSON file every so many events, named by the clock.

lander.py BROKERS TOPIC BATCH EVENTS, with the S3 server in the environment. One line of JSON tells the bytes it stored.
"""

import json
import os
import sys
import uuid
from datetime import datetime, timezone

import boto3
from botocore.config import Config
from kafka import KafkaConsumer

brokers, topic, batch_size, events = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
bucket = os.environ["SPINDLE_S3_BUCKET"]
s3 = boto3.client(
    "s3",
    endpoint_url=os.environ["SPINDLE_S3_ENDPOINT"],
    aws_access_key_id=os.environ["SPINDLE_S3_ACCESS_KEY"],
    aws_secret_access_key=os.environ["SPINDLE_S3_SECRET_KEY"],
    region_name="us-east-1",
    config=Config(s3={"addressing_style": "path"}),
)
consumer = KafkaConsumer(
    topic,
    bootstrap_servers=brokers,
    group_id=f"python-{uuid.uuid4()}",
    auto_offset_reset="earliest",
    enable_auto_commit=True,
    value_deserializer=lambda value: json.loads(value.decode("utf-8")),
)
stored = 0
landed = 0
batch = []
for message in consumer:
    batch.append(message.value)
    if len(batch) < batch_size:
        continue
    now = datetime.now(timezone.utc)
    body = "\n".join(json.dumps(event) for event in batch).encode("utf-8")
    key = f"python/date={now:%Y-%m-%d}/hour={now:%H}/spotify_events_{now:%Y-%m-%dT%H-%M-%S}.json"
    s3.put_object(Bucket=bucket, Key=key, Body=body)
    stored += len(body)
    landed += len(batch)
    batch = []
    if landed >= events:
        break
consumer.close()
print(json.dumps({"events": landed, "bytes": stored}))
