import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbeddedBroker } from '../../src/drivers/broker/embedded.ts';
import { noFaults } from '../../src/runtime/resource/faults.ts';

const ROOT = join(import.meta.dirname, '../..');
const NOW = '2026-06-10T12:00:00Z';
const SETTINGS = ['listening_events', 'user_activity'].flatMap((topic) => ['--config', `stream/${topic}.events=4000`]);

interface Summary {
  readonly status: string;
  readonly assets: readonly { readonly asset: string; readonly result: string; readonly rows: number | null; readonly note: string }[];
  readonly tables: readonly { readonly table: string; readonly rows: number }[];
  readonly checks: readonly { readonly asset: string; readonly check: string; readonly passed: boolean }[];
}

/** The pipeline through the built command line, over a state folder of its own; the tests build on each other's state, in order. */
describe('the pipeline', () => {
  let state: string;
  beforeAll(() => {
    state = mkdtempSync(join(tmpdir(), 'spindle-pipeline-'));
  });
  afterAll(() => rmSync(state, { recursive: true, force: true }));

  const spindle = (...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'bin/spindle.js'), ...args], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, SPINDLE_STATE: state },
    });
    return { status, stdout, stderr };
  };
  const materialize = (now: string, ...args: readonly string[]): Summary => {
    const { status, stdout, stderr } = spindle('materialize', '--json', '--now', now, ...SETTINGS, ...args);
    expect(stderr === '' ? status : `${status}: ${stderr}`).toSatisfy((end: unknown) => end === 0 || String(end).startsWith('0: '));
    return JSON.parse(stdout) as Summary;
  };
  const ran = ({ assets }: Summary) => assets.filter(({ result }) => result === 'materialized').map(({ asset }) => asset);
  const rows = ({ tables }: Summary, table: string) => tables.find((line) => line.table === table)?.rows;
  const query = (sql: string) => JSON.parse(spindle('query', '--json', sql).stdout) as readonly Readonly<Record<string, unknown>>[];

  it('produces, lands, loads and builds everything from nothing, with its checks', () => {
    const first = materialize(NOW);
    expect(first.status).toBe('succeeded');
    expect(ran(first)).toHaveLength(20);
    expect(first.checks.length).toBeGreaterThan(50);
    expect(first.checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(
      (rows(first, 'bronze.listening_events') ?? 0) +
        (rows(first, 'bronze.user_activity') ?? 0) +
        (rows(first, 'bronze.dead_letters') ?? 0),
    ).toBe(8000);
  });

  it('does nothing more at the same instant, and says why', () => {
    const again = materialize(NOW);
    expect(ran(again)).toEqual([]);
    expect(again.assets.find(({ asset }) => asset === 'gold/top_songs')?.note).toContain(
      'code, config and the input silver/listening_events are unchanged since it was materialized',
    );
  });

  it('answers queries on what was built', () => {
    expect(query('select count(*) = count(distinct event_id) as once from silver.listening_events')).toEqual([{ once: true }]);
    const [top] = query('select plays from gold.top_songs order by plays desc limit 1');
    expect(top?.['plays']).toBeGreaterThan(5);
  });

  it('runs checks alone, those of dbt too, without building anything', () => {
    const { status, stdout } = spindle('check', '--select', 'silver/listening_events or bronze/listening_events', '--json');
    const { checks } = JSON.parse(stdout) as Summary;
    expect(status).toBe(0);
    // One that is a function, and those that dbt has of the schema.
    expect(checks.filter(({ asset }) => asset === 'bronze/listening_events')).toHaveLength(29);
    expect(checks.filter(({ asset }) => asset === 'silver/listening_events').length).toBeGreaterThan(5);
  });

  it('goes on from there a day later, with what is new alone', () => {
    const before = query('select count(*) as n from bronze.listening_events')[0]?.['n'] as number;
    const later = materialize('2026-06-11T12:00:00Z');
    const produced = later.assets.find(({ asset }) => asset === 'stream/listening_events')?.rows ?? 0;
    expect(produced).toBeGreaterThan(300);
    expect(produced).toBeLessThan(900);
    expect(rows(later, 'bronze.listening_events')).toBeGreaterThan(before);
    expect(later.assets.find(({ asset }) => asset === 'catalogue/users')?.result).toBe('fresh');
  });

  it('rebuilds exactly the day of a late record', async () => {
    const [old] = query("select * from silver.listening_events where occurred_at < '2026-06-06' and event_type = 'play' limit 1");
    const { _topic, _partition, _offset, _recorded_at, _object, _loaded_at, ...event } = old as Record<string, unknown>;
    const broker = await openEmbeddedBroker({ directory: join(state, 'local/broker'), faults: noFaults });
    const late = { ...event, event_id: '00000000-0000-4000-8000-000000000001', occurred_at: '2026-06-05T10:00:00.000Z' };
    await broker.produce('listening_events', [
      { partition: 0, key: null, value: Buffer.from(JSON.stringify(late)), headers: {}, timestamp: Date.parse(NOW) },
    ]);
    await broker.close();
    const summary = JSON.parse(spindle('materialize', '--json', '--now', '2026-06-11T12:00:00Z', ...SETTINGS).stdout) as Summary & {
      readonly run: string;
    };
    const logs = JSON.parse(spindle('runs', 'logs', summary.run, '--json').stdout) as readonly {
      readonly type: string;
      readonly asset?: string;
      readonly partition?: string;
    }[];
    const days = logs.flatMap((event) =>
      event.type === 'asset.materialized' && event.asset === 'gold/daily_digest' ? [event.partition] : [],
    );
    expect(days).toEqual(['2026-06-05']);
  });
});
