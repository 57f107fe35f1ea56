select
    event_id,
    lower(event_type) as event_type,
    user_id,
    session_id,
    song_id,
    song_name,
    artist_name,
    lower(device_type) as device_type,
    os,
    app_version,
    upper(country) as country,
    city,
    latitude,
    longitude,
    ms_played,
    occurred_at,
    _topic,
    _partition,
    _offset,
    _recorded_at,
    _object,
    _loaded_at
from {{ source('bronze', 'listening_events') }}
where
    event_id is not null
    and user_id is not null
    and session_id is not null
    and song_id is not null
    and occurred_at is not null
    and ms_played >= 0
