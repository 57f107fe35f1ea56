select
    user_id,
    device_type,
    country,
    cast(occurred_at as date) as day,
    cast(count_if(event_type = 'play') as bigint) as plays,
    cast(count_if(event_type = 'skip') as bigint) as skips,
    cast(count_if(event_type = 'add_to_playlist') as bigint) as playlist_adds
from {{ ref('listening_events') }}
group by user_id, device_type, country, cast(occurred_at as date)
