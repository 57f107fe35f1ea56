"""Makes listening events with Python Faker, each field by a call of it, and prints how fast that went.

    python bench/generator-faker.py [count]

Needs the package Faker. Prints one line of JSON: events, characters, seconds, events_per_second, faker (its version).
"""

import json
import sys
import time
from datetime import datetime, timedelta, timezone

import faker

EVENT_TYPES = ("play", "pause", "resume", "skip", "complete", "like", "add_to_playlist")
OPERATING_SYSTEMS = {
    "mobile": ("Android", "iOS"),
    "desktop": ("Windows", "macOS", "Linux"),
    "web": ("Windows", "macOS", "Linux", "ChromeOS"),
    "tv": ("Android TV", "tvOS", "Tizen", "webOS"),
    "speaker": ("Linux", "Fire OS"),
}
START = datetime(2025, 1, 1, tzinfo=timezone.utc)
END = START + timedelta(days=7)


def make_event(fake: faker.Faker) -> dict[str, object]:
    device_type = fake.random_element(tuple(OPERATING_SYSTEMS))
    occurred_at = fake.date_time_between(START, END, tzinfo=timezone.utc)
    return {
        "event_id": fake.uuid4(),
        "event_type": fake.random_element(EVENT_TYPES),
        "user_id": fake.numerify("user_######"),
        "session_id": fake.uuid4(),
        "song_id": fake.numerify("song_######"),
        "song_name": fake.catch_phrase(),
        "artist_name": fake.name(),
        "device_type": device_type,
        "os": fake.random_element(OPERATING_SYSTEMS[device_type]),
        "app_version": fake.numerify("%.#.#"),
        "country": fake.country_code(),
        "city": fake.city(),
        "latitude": float(fake.latitude()),
        "longitude": float(fake.longitude()),
        "ms_played": fake.random_int(0, 300_000),
        "occurred_at": occurred_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    fake = faker.Faker("en_US")
    fake.seed_instance(1)
    start = time.perf_counter()
    characters = sum(len(json.dumps(make_event(fake))) for _ in range(count))
    seconds = time.perf_counter() - start
    result = {"events": count, "characters": characters, "seconds": round(seconds, 3), "events_per_second": round(count / seconds), "faker": faker.VERSION}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
