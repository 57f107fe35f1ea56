/** The tests that dbt does not bring along, for DuckDB and Snowflake. A null passes them, as it passes dbt's own and a constraint of SQL. */
export const TEST_MACROS = `{# Rows whose value lies outside of [minimum, maximum]. #}
{% test spindle_in_range(model, column_name, minimum=none, maximum=none) %}
select {{ column_name }}
from {{ model }}
where
    false
    {%- if minimum is not none %} or {{ column_name }} < {{ minimum }}{% endif %}
    {%- if maximum is not none %} or {{ column_name }} > {{ maximum }}{% endif %}
{% endtest %}

{# Combinations of the columns that occur more than once. #}
{% test spindle_unique_together(model, columns) %}
select
    {{ columns | join(', ') }},
    count(*) as occurrences
from {{ model }}
where
    {{ columns | join(' is not null and ') }} is not null
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}

{# Rows whose text is none of the values, which may hold quotes and backslashes. #}
{% test spindle_accepted_texts(model, column_name, values) %}
select {{ column_name }}
from {{ model }}
where {{ column_name }} not in (
    {%- for value in values %}
    {%- set quoted = value | replace("'", "''") %}
    '{{ quoted | replace('\\\\', '\\\\\\\\') if target.type == 'snowflake' else quoted }}'
    {%- if not loop.last %},{% endif %}
    {%- endfor %}
)
{% endtest %}
`;
