import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DbtGraph } from '../../src/dbt/graph.ts';
import { readCommittedProject, type CommittedProject } from '../../src/dbt/parse-project.ts';

let project: CommittedProject;
let graph: DbtGraph;
beforeAll(async () => {
  project = await readCommittedProject(fileURLToPath(new URL('../../dbt', import.meta.url)));
  graph = project.graph!;
});

describe('the dbt project of this repository', () => {
  it('has a committed manifest that is up to date', () => {
    expect(project.stale).toBe(false);
  });

  it('builds the tables that others rely on', () => {
    expect(graph.nodes.map(({ key }) => key).toSorted()).toEqual([
      'gold/artist_leaderboard',
      'gold/device_mix',
      'gold/hourly_activity',
      'gold/listening_by_country',
      'gold/session_summary',
      'gold/top_songs',
      'gold/user_engagement',
      'silver/listening_events',
      'silver/user_activity',
      'staging/stg_listening_events',
      'staging/stg_user_activity',
    ]);
    expect(graph.nodes.filter(({ key, relation }) => relation !== key.replace('/', '.'))).toEqual([]);
    expect(graph.sources.map(({ name, relation }) => [name, relation])).toEqual([
      ['bronze.listening_events', 'bronze.listening_events'],
      ['bronze.user_activity', 'bronze.user_activity'],
    ]);
  });

  it('describes every model and every column', () => {
    const silent = graph.nodes.flatMap((node) => [
      ...(node.description === '' ? [node.key] : []),
      ...node.columns.filter(({ description }) => description === '').map(({ name }) => `${node.key}.${name}`),
    ]);
    expect(silent).toEqual([]);
    expect(graph.nodes.filter(({ columns }) => columns.length === 0)).toEqual([]);
  });

  it('holds silver and gold to contracts that type every column, and names an owner of every model', () => {
    const kept = graph.nodes.filter(({ key }) => !key.startsWith('staging/'));
    expect(kept.filter(({ contract }) => !contract)).toEqual([]);
    expect(kept.flatMap(({ columns }) => columns).filter(({ type }) => type === undefined)).toEqual([]);
    expect(graph.nodes.filter(({ owners }) => owners.length === 0)).toEqual([]);
  });

  it('uses only types that mean the same in DuckDB and in Snowflake', () => {
    const types = new Set(graph.nodes.flatMap(({ columns }) => columns).flatMap(({ type }) => type ?? []));
    expect([...types].toSorted()).toEqual(['bigint', 'date', 'datetime', 'double', 'varchar']);
  });

  it('has no test that belongs to no table', () => {
    expect(graph.tests.filter(({ node, source }) => node === undefined && source === undefined)).toEqual([]);
  });

  it('tests every silver and gold table, by short names that do not clash', () => {
    for (const { key } of graph.nodes.filter(({ key }) => !key.startsWith('staging/'))) {
      const names = graph.tests.filter(({ node }) => node === key).map(({ name }) => name);
      expect(names.length, key).toBeGreaterThan(0);
      expect(new Set(names).size, key).toBe(names.length);
    }
    expect(new Set(graph.tests.map(({ kind }) => kind))).toEqual(new Set(['generic', 'singular', 'unit']));
  });
});
