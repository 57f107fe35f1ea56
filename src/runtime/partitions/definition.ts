export const TIME_UNITS = ['hour', 'day', 'week', 'month'] as const;
export type TimeUnit = (typeof TIME_UNITS)[number];

export interface TimeDefinition {
  readonly kind: 'time';
  readonly unit: TimeUnit;
  /** As the user wrote it: an ISO date or instant. */
  readonly start: string;
  /** IANA name. Windows follow the wall clock of this zone. */
  readonly timezone: string;
}

export interface StaticDefinition {
  readonly kind: 'static';
  readonly keys: readonly string[];
}

/** Keys that are only known at run time, registered under a name. */
export interface DynamicDefinition {
  readonly kind: 'dynamic';
  readonly name: string;
}

export interface CrossDefinition {
  readonly kind: 'cross';
  readonly dimensions: Readonly<Record<string, PartitionsDefinition>>;
}

export type PartitionsDefinition = TimeDefinition | StaticDefinition | DynamicDefinition | CrossDefinition;

/** How an asset is divided. `V` is what its function gets as `partition`. */
export interface Partitions<V = unknown> {
  readonly definition: PartitionsDefinition;
  readonly _v?: V;
}

/** One time partition: half-open, `start <= t < end`. */
export interface TimeWindow {
  readonly key: string;
  readonly start: Date;
  readonly end: Date;
}

type TimeOptions = { readonly start: string; readonly timezone?: string };

const time =
  (unit: TimeUnit) =>
  ({ start, timezone = 'UTC' }: TimeOptions): Partitions<TimeWindow> => ({ definition: { kind: 'time', unit, start, timezone } });

export const partitions = {
  hourly: time('hour'),
  daily: time('day'),
  weekly: time('week'),
  monthly: time('month'),
  of: <const K extends readonly string[]>(keys: K): Partitions<K[number]> => ({ definition: { kind: 'static', keys } }),
  dynamic: (name: string): Partitions<string> => ({ definition: { kind: 'dynamic', name } }),
  cross: <D extends Record<string, Partitions>>(
    dimensions: D,
  ): Partitions<{ [K in keyof D]: D[K] extends Partitions<infer V> ? V : never }> => ({
    definition: {
      kind: 'cross',
      dimensions: Object.fromEntries(Object.entries(dimensions).map(([name, { definition }]) => [name, definition])),
    },
  }),
};
