import { describe, expect, it } from 'vitest';
import { mentions, takesEveryColumn, withoutComments } from '../../src/dbt/sql-words.ts';

describe('comments', () => {
  it.each([
    ['select a -- b\nfrom t', 'select a  \nfrom t'],
    ['select a /* b\n c */ from t', 'select a   from t'],
    ['select a {# b #} from t', 'select a   from t'],
    ["select '-- b' from t", "select '-- b' from t"],
    ['select "/* b */" from t', 'select "/* b */" from t'],
    ["select 'it''s -- b' from t", "select 'it''s -- b' from t"],
    ["-- it's\nselect b", ' \nselect b'],
  ])('of %j nothing is left: %j', (text, without) => {
    expect(withoutComments(text)).toBe(without);
  });
});

describe('a name is found', () => {
  it.each(['select user_id', 'select t.user_id', 'select "user_id"', 'select USER_ID', "{{ cast_text('user_id') }}", 'user_id'])(
    'in %j',
    (text) => expect(mentions(text, 'user_id')).toBe(true),
  );
  it.each(['select user_ids', 'select a_user_id', 'select user_id2', 'select user', 'select user$user_id'])('not in %j', (text) =>
    expect(mentions(text, 'user_id')).toBe(false),
  );
});

describe('every column is taken', () => {
  it.each([
    'select * from t',
    'select t.* from t',
    'select a, * from t',
    'select * exclude (a) from t',
    'select distinct * from t',
    'with t as (from u) select a from t',
    'from t',
    'select a from u union all from t',
    'select columns(*) from t',
    "select columns('user_.*') from t",
    "select {{ dbt_utils.star(ref('t')) }} from t",
    "{% for c in adapter.get_columns_in_relation(ref('t')) %}{{ c }}{% endfor %}",
    'select a from t natural join u',
    'select count(distinct *) from t',
    'select top 10 * from t',
    "select {{ '*' }} from t",
    'select hash(*) from t',
    'select t.*, a from t',
    'pivot t on a using sum(b)',
  ])('by %j', (text) => expect(takesEveryColumn(text)).toBe(true));
  it.each([
    'select count(*) from t',
    'select count( * ) as n, a from t',
    'select a * b from t',
    'select a*2 from t',
    "select (a + b) * (c) from {{ ref('t') }}",
    'select a * -1 from t',
    'select extract(year from a) from t',
    'select {{ x }} * b from t',
    "select 'a' from t",
  ])('not by %j', (text) => expect(takesEveryColumn(text)).toBe(false));
});
