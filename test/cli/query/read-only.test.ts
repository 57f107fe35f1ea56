import { describe, expect, it } from 'vitest';
import { requireReadOnly } from '../../../src/cli/query/read-only.ts';

describe('the guard of a query that only reads', () => {
  it.each([
    'select 1',
    ' (SELECT 1) union (select 2);',
    'select \'a; drop table t\', "delete from" from t',
    'with a as (select 1) select * from a',
    '-- insert into t\nfrom t',
    '/* drop; */ values (1)',
    'show tables',
    'describe t',
    'summarize t',
    'explain analyze select 1',
    'explain using text select 1',
    'list @stage',
    "pragma table_info('t')",
    "select $$; drop table t $$, e'\\'; drop table t'",
    'select update_time, deleted from t order by 1; select 2',
  ])('lets through: %s', (sql) => {
    expect(() => requireReadOnly(sql)).not.toThrow();
  });

  it.each([
    'insert into t values (1)',
    'select 1; drop table t',
    "select e'\\'', 1; drop table t; --'",
    'with a as (select 1) insert into t select * from a',
    'with a as (select 1) update t set x = 1',
    'with a as (select 1) delete from t',
    'explain analyze insert into t values (1)',
    'explain using text drop table t',
    'explain (analyze, format json) drop table t',
    'pragma memory_limit=1',
    "copy t to 'file'",
    "attach 'x.db'",
    'create table t as select 1',
    '/* select */ truncate t',
  ])('refuses: %s', (sql) => {
    expect(() => requireReadOnly(sql)).toThrow(expect.objectContaining({ code: 'USAGE', place: { field: '--write' } }));
  });
});
