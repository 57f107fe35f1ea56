import fc from 'fast-check';
import type { PartitionsDefinition, TimeDefinition, TimeUnit } from '../../../../src/runtime/partitions/definition.ts';

/** Zones whose clocks change by an hour, by half an hour, at midnight, and not at all. */
export const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'America/Havana', 'Australia/Lord_Howe', 'Asia/Kolkata'] as const;

/** `multi` is two assets of one function, `volatile` a store that is not durable, `stream` one that services fill. */
export const KINDS = ['source', 'value', 'rows', 'memory', 'memory', 'volatile', 'stream', 'multi', 'model'] as const;
export type Kind = (typeof KINDS)[number];

export const READS = ['same', 'before', 'around', 'every', 'custom', 'order'] as const;
export type Reads = (typeof READS)[number];

/** A number that stands for one of however many there are. */
type Pick = number;
const pick: fc.Arbitrary<Pick> = fc.nat(9999);

export interface NodeDraw {
  readonly kind: Kind;
  /** Which of the case's definitions, if any. */
  readonly partitions: number | undefined;
  readonly edges: readonly { readonly up: Pick; readonly reads: Reads }[];
  readonly retry: { readonly attempts: number; readonly backoff: 'fixed' | 'exponential'; readonly delay: string };
  readonly timeout: string | undefined;
  readonly pool: string | undefined;
  readonly group: string | undefined;
  /** Its store needs what one process at a time may open. */
  readonly vault: boolean;
  readonly range: boolean;
  readonly checks: readonly { readonly blocking: boolean; readonly severity: 'warn' | 'error' }[];
}

export const SELECTIONS = ['all', 'definition', 'upstream', 'downstream', 'some', 'without'] as const;
export const AUTOMATIONS = [
  'none',
  'cron',
  'once',
  'update',
  'eager',
  'cron or update',
  'cron and update',
  'crons',
  'any updates',
  'all updates',
] as const;

export interface JobDraw {
  readonly select: (typeof SELECTIONS)[number];
  readonly automation: (typeof AUTOMATIONS)[number];
  readonly picks: readonly Pick[];
  readonly cron: { readonly cron: string; readonly timezone: string };
  readonly other: { readonly cron: string; readonly timezone: string };
  /** Of a schedule that ticks once a window. */
  readonly minute: number;
  readonly hour: number;
  readonly streaming: 'service' | 'task' | undefined;
}

export interface Case {
  readonly definitions: readonly PartitionsDefinition[];
  readonly nodes: readonly NodeDraw[];
  readonly jobs: readonly JobDraw[];
  readonly granularity: 'asset' | 'group';
  readonly dbt: 'model' | 'group';
}

const START = fc.constantFrom('2026-01-01', '2026-01-15', '2026-02-03T05:00');
const timezone = fc.constantFrom(...ZONES);
const time = (unit: TimeUnit, zone: string, start: string): TimeDefinition => ({ kind: 'time', unit, start, timezone: zone });

interface Times {
  readonly zone: string;
  readonly starts: readonly [string, string];
}

const REGIONS: PartitionsDefinition = { kind: 'static', keys: ['eu', 'us', 'asia'] };
const cross = (day: PartitionsDefinition, region: PartitionsDefinition = REGIONS): PartitionsDefinition => ({
  kind: 'cross',
  dimensions: { region, day },
});

/** Definitions that have to do with each other: units of time in one zone, regions, and crosses of both. */
function related({ zone, starts: [a, b] }: Times): readonly (readonly PartitionsDefinition[])[] {
  const hour = time('hour', 'UTC', a);
  const day = time('day', zone, b);
  return [
    [hour, time('day', 'UTC', b)],
    [hour, time('day', 'UTC', b)],
    [hour, day],
    [hour, day],
    [hour, time('week', 'UTC', b)],
    [hour, time('month', 'UTC', b)],
    [day, time('week', zone, a)],
    [day, time('week', zone, a)],
    [day, time('month', zone, a)],
    [day, time('day', zone, a)],
    [day, time('day', 'UTC', a)],
    [REGIONS, { kind: 'static', keys: ['us', 'eu'] }],
    [cross(hour), cross(time('day', 'UTC', b))],
    [cross(day), cross(time('month', zone, a), { kind: 'static', keys: ['eu'] })],
    [cross(day), day],
    [{ kind: 'dynamic', name: 'tenants' }, day],
  ];
}

const definitions: fc.Arbitrary<readonly PartitionsDefinition[]> = fc
  .record({ zone: timezone, starts: fc.tuple(START, START) })
  .chain((times) => fc.constantFrom(...related(times)).chain((pair) => fc.shuffledSubarray([...pair], { minLength: 2 })));

const node: fc.Arbitrary<NodeDraw> = fc.record({
  kind: fc.constantFrom<Kind>(
    'source',
    'source',
    'value',
    'value',
    'rows',
    'rows',
    'rows',
    'rows',
    'memory',
    'memory',
    'volatile',
    'stream',
    'multi',
    'model',
  ),
  partitions: fc.option(fc.nat(1), { nil: undefined, freq: 5 }),
  edges: fc.array(
    fc.record({
      up: pick,
      reads: fc.constantFrom<Reads>('same', 'same', 'same', 'same', 'same', 'before', 'around', 'every', 'custom', 'order'),
    }),
    {
      maxLength: 3,
    },
  ),
  retry: fc.record({
    attempts: fc.constantFrom(1, 1, 2, 3, 5),
    backoff: fc.constantFrom('fixed', 'exponential'),
    delay: fc.constantFrom('250ms', '1s', '1.5s', '90s', '4m'),
  }),
  timeout: fc.option(fc.constantFrom('30s', '1.5h', '2d'), { nil: undefined }),
  pool: fc.option(fc.constantFrom('api', 'warehouse', 'old db'), { nil: undefined, freq: 2 }),
  group: fc.option(fc.constantFrom('raw', 'core', 'gold marts'), { nil: undefined, freq: 2 }),
  vault: fc.nat(9).map((of) => of === 0),
  range: fc.boolean(),
  checks: fc.array(fc.record({ blocking: fc.boolean(), severity: fc.constantFrom('warn', 'error') }), { maxLength: 3 }),
});

const cron = fc.record({
  cron: fc.constantFrom(
    '5 * * * *',
    '*/20 * * * *',
    '0 6 * * *',
    '30 2 * * *',
    '15 0 * * 1',
    '0 4 1 * *',
    '0 0 * * *',
    '0 9 * * 1-5',
    '0 */6 * * *',
    '30 1 1,15 * SUN',
  ),
  timezone,
});

const anyJob: fc.Arbitrary<JobDraw> = fc.record({
  select: fc.constantFrom<(typeof SELECTIONS)[number]>(...SELECTIONS),
  automation: fc.constantFrom<(typeof AUTOMATIONS)[number]>(...AUTOMATIONS),
  picks: fc.array(pick, { minLength: 4, maxLength: 4 }),
  cron,
  other: cron,
  minute: fc.nat(59),
  // Clocks change in these hours.
  hour: fc.constantFrom(0, 1, 2, 2, 2, 3, 12),
  streaming: fc.constantFrom('service', 'task', undefined),
});

/** Jobs whose runs are for single partitions, which most draws are not. */
const partitionedJob = fc
  .tuple(anyJob, fc.constantFrom('once', 'once', 'cron', 'update', 'update', 'any updates', 'eager'))
  .map(([drawn, automation]): JobDraw => ({ ...drawn, select: 'definition', automation }));

const job = fc.oneof({ weight: 2, arbitrary: anyJob }, { weight: 3, arbitrary: partitionedJob });

export const cases: fc.Arbitrary<Case> = fc.record({
  definitions,
  nodes: fc.array(node, { minLength: 1, maxLength: 9 }),
  jobs: fc.array(job, { minLength: 1, maxLength: 3 }),
  granularity: fc.constantFrom('asset', 'asset', 'group'),
  dbt: fc.constantFrom('model', 'group'),
});
