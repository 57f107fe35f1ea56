select staged.event_id
from {{ ref('stg_user_activity') }} as staged
where
    not exists (
        select 1 from {{ ref('user_activity') }} as kept
        where kept.event_id = staged.event_id
    )
