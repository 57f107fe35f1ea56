select
    song_id,
    max(song_name) as song_name,
    max(artist_name) as artist_name,
    cast(count_if(event_type = 'play') as bigint) as plays,
    cast(count_if(event_type = 'skip') as bigint) as skips,
    cast(count_if(event_type = 'complete') as bigint) as completes
from {{ ref('listening_events') }}
group by song_id
