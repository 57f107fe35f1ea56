with arrivals as (
    {{ first_arrivals(ref('stg_user_activity')) }}
)

select
    cast(event_id as varchar) as event_id,
    cast(event_type as varchar) as event_type,
    cast(user_id as varchar) as user_id,
    cast(session_id as varchar) as session_id,
    cast(query as varchar) as query,
    cast(plan as varchar) as plan,
    cast(device_type as varchar) as device_type,
    cast(country as varchar) as country,
    cast(occurred_at as datetime) as occurred_at,
    cast(_topic as varchar) as _topic,
    cast(_partition as bigint) as _partition,
    cast(_offset as bigint) as _offset,
    cast(_recorded_at as datetime) as _recorded_at,
    cast(_object as varchar) as _object,
    cast(_loaded_at as datetime) as _loaded_at
from arrivals
