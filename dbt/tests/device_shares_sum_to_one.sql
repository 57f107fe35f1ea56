select sum(share_of_plays) as total
from {{ ref('device_mix') }}
having abs(sum(share_of_plays) - 1) > 0.000001
