with events as (
    select
        event_type,
        occurred_at
    from {{ ref('listening_events') }}
    union all
    select
        event_type,
        occurred_at
    from {{ ref('user_activity') }}
)

select
    cast({{ dbt.date_trunc('hour', 'occurred_at') }} as datetime) as hour,
    cast(count_if(event_type = 'play') as bigint) as plays,
    cast(count_if(event_type = 'skip') as bigint) as skips,
    cast(count_if(event_type = 'search') as bigint) as searches,
    cast(count_if(event_type = 'login') as bigint) as logins,
    cast(count_if(event_type = 'signup') as bigint) as signups
from events
group by cast({{ dbt.date_trunc('hour', 'occurred_at') }} as datetime)
