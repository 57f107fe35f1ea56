{#
  The rows of a staging model that a silver model does not have yet, one for each event_id: the one that arrived first.

  A load brings a bronze table all rows of an object at once, under one _loaded_at. So a pair of both that silver has seen needs no
  second look, whatever was loaded before or after it. That only saves work: what makes the result exact is the anti-join on event_id.
#}
{% macro first_arrivals(staged) -%}
    select arrived.*
    from {{ staged }} as arrived
    {%- if is_incremental() %}
    left join (select distinct _object, _loaded_at from {{ this }}) as seen
        on arrived._object = seen._object and arrived._loaded_at = seen._loaded_at
    where
        seen._object is null
        and not exists (select 1 from {{ this }} as kept where kept.event_id = arrived.event_id)
    {%- endif %}
    qualify row_number() over (
        partition by arrived.event_id
        order by arrived._loaded_at, arrived._recorded_at, arrived._topic, arrived._partition, arrived._offset
    ) = 1
{%- endmacro %}
