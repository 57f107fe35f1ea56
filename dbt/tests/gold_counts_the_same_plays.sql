-- Each gold table cuts the same plays another way; none may lose or double one.
with counts as (
    select
        'top_songs' as model,
        sum(plays) as plays
    from {{ ref('top_songs') }}
    union all
    select
        'user_engagement' as model,
        sum(plays) as plays
    from {{ ref('user_engagement') }}
    union all
    select
        'artist_leaderboard' as model,
        sum(plays) as plays
    from {{ ref('artist_leaderboard') }}
    union all
    select
        'listening_by_country' as model,
        sum(plays) as plays
    from {{ ref('listening_by_country') }}
    union all
    select
        'device_mix' as model,
        sum(plays) as plays
    from {{ ref('device_mix') }}
    union all
    select
        'hourly_activity' as model,
        sum(plays) as plays
    from {{ ref('hourly_activity') }}
    union all
    select
        'session_summary' as model,
        sum(plays) as plays
    from {{ ref('session_summary') }}
)

select
    model,
    plays
from counts
where plays <> (select count_if(events.event_type = 'play') from {{ ref('listening_events') }} as events)
