select
    event_id,
    lower(event_type) as event_type,
    user_id,
    session_id,
    query,
    plan,
    lower(device_type) as device_type,
    upper(country) as country,
    occurred_at,
    _topic,
    _partition,
    _offset,
    _recorded_at,
    _object,
    _loaded_at
from {{ source('bronze', 'user_activity') }}
where
    event_id is not null
    and user_id is not null
    and occurred_at is not null
