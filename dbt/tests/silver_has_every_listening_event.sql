select staged.event_id
from {{ ref('stg_listening_events') }} as staged
where
    not exists (
        select 1 from {{ ref('listening_events') }} as kept
        where kept.event_id = staged.event_id
    )
