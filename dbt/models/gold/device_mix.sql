with devices as (
    select
        device_type,
        cast(count_if(event_type = 'play') as bigint) as plays,
        cast(count(distinct user_id) as bigint) as listeners
    from {{ ref('listening_events') }}
    group by device_type
)

select
    device_type,
    plays,
    listeners,
    cast(plays as double) / nullif(sum(plays) over (), 0) as share_of_plays
from devices
