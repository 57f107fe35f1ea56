select
    session_id,
    max(user_id) as user_id,
    max(device_type) as device_type,
    max(country) as country,
    min(occurred_at) as started_at,
    max(occurred_at) as ended_at,
    cast({{ dbt.datediff('min(occurred_at)', 'max(occurred_at)', 'second') }} as bigint) as seconds,
    cast(count_if(event_type = 'play') as bigint) as plays,
    cast(count_if(event_type = 'skip') as bigint) as skips,
    cast(count(distinct song_id) as bigint) as songs,
    cast(sum(ms_played) as bigint) as ms_played
from {{ ref('listening_events') }}
group by session_id
