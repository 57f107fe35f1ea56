import type { Case, JobDraw, NodeDraw } from './draw.ts';

const NODE: NodeDraw = {
  kind: 'rows',
  partitions: undefined,
  edges: [],
  retry: { attempts: 1, backoff: 'fixed', delay: '1s' },
  timeout: undefined,
  pool: undefined,
  group: undefined,
  vault: false,
  range: false,
  checks: [],
};

const JOB: JobDraw = {
  select: 'all',
  automation: 'none',
  picks: [0, 0, 0, 1],
  cron: { cron: '0 6 * * *', timezone: 'Europe/Berlin' },
  other: { cron: '0 6 * * *', timezone: 'Europe/Berlin' },
  minute: 30,
  hour: 2,
  streaming: undefined,
};

const settings = { granularity: 'asset', dbt: 'model' } as const;
const time = (unit: 'day' | 'week') => ({ kind: 'time', unit, start: '2026-01-15', timezone: 'Europe/Berlin' }) as const;
/** An odd number, which stands for its remainder by how many nodes there are before. */
const reads = (up: number) => ({ up, reads: 'same' }) as const;

/** Cases that are rare among those that are drawn, and that were exported wrongly once. */
export const EXAMPLES: readonly Case[] = [
  {
    // Two assets that read one from memory, and a source between them.
    definitions: [time('day')],
    nodes: [
      { ...NODE, kind: 'source' },
      { ...NODE, kind: 'memory' },
      { ...NODE, edges: [reads(1)] },
      { ...NODE, kind: 'source', edges: [{ up: 5, reads: 'order' }] },
      { ...NODE, edges: [reads(1), reads(3)] },
    ],
    jobs: [JOB],
    ...settings,
  },
  // Weeks on a schedule of every day, and days on one that clocks skip once a year.
  { definitions: [time('week')], nodes: [{ ...NODE, partitions: 0 }], jobs: [{ ...JOB, automation: 'cron' }], ...settings },
  { definitions: [time('day')], nodes: [{ ...NODE, partitions: 0 }], jobs: [{ ...JOB, automation: 'once' }], ...settings },
];
