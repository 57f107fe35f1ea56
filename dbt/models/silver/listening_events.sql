with arrivals as (
    {{ first_arrivals(ref('stg_listening_events')) }}
)

select
    cast(event_id as varchar) as event_id,
    cast(event_type as varchar) as event_type,
    cast(user_id as varchar) as user_id,
    cast(session_id as varchar) as session_id,
    cast(song_id as varchar) as song_id,
    cast(song_name as varchar) as song_name,
    cast(artist_name as varchar) as artist_name,
    cast(device_type as varchar) as device_type,
    cast(os as varchar) as os,
    cast(app_version as varchar) as app_version,
    cast(country as varchar) as country,
    cast(city as varchar) as city,
    cast(latitude as double) as latitude,
    cast(longitude as double) as longitude,
    cast(ms_played as bigint) as ms_played,
    cast(occurred_at as datetime) as occurred_at,
    cast(_topic as varchar) as _topic,
    cast(_partition as bigint) as _partition,
    cast(_offset as bigint) as _offset,
    cast(_recorded_at as datetime) as _recorded_at,
    cast(_object as varchar) as _object,
    cast(_loaded_at as datetime) as _loaded_at
from arrivals
