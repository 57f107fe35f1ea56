with artists as (
    select
        artist_name,
        cast(count_if(event_type = 'play') as bigint) as plays,
        cast(count_if(event_type = 'complete') as bigint) as completes,
        cast(count_if(event_type = 'like') as bigint) as likes,
        cast(count(distinct user_id) as bigint) as listeners,
        cast(sum(ms_played) as bigint) as ms_played
    from {{ ref('listening_events') }}
    group by artist_name
)

select
    cast(row_number() over (order by plays desc, artist_name asc) as bigint) as position,
    artist_name,
    plays,
    completes,
    likes,
    listeners,
    ms_played
from artists
