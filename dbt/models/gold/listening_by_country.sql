select
    country,
    cast(count_if(event_type = 'play') as bigint) as plays,
    cast(count_if(event_type = 'skip') as bigint) as skips,
    cast(count(distinct user_id) as bigint) as listeners,
    cast(sum(ms_played) as bigint) as ms_played
from {{ ref('listening_events') }}
group by country
