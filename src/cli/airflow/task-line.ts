import type { PartitionSpace } from '../../runtime/partitions/space.ts';
import type { MaterializedEvent } from '../../runtime/resource/run-store.ts';
import type { RunOutcome } from '../../runtime/run/run-selection.ts';
import type { Tally } from '../../runtime/run/tally.ts';

/** What a task did, as far as it came. */
export interface TaskResult {
  /** Null where nothing says which run it is. */
  readonly run: string | null;
  readonly status: RunOutcome;
  readonly tally: Tally;
  /** What other tasks of the DAG run made that this one speaks for. */
  readonly others?: readonly MaterializedEvent[];
  /** What ended the task as a whole. */
  readonly error?: { readonly code: string; readonly message: string } | undefined;
  spaceOf(asset: string): PartitionSpace | undefined;
}

type Metadata = Readonly<Record<string, unknown>>;

interface Made {
  readonly asset: string;
  readonly partition?: string;
  readonly rows?: number;
  readonly bytes?: number;
  readonly version: string;
  readonly metadata?: Metadata;
}

interface AssetLine {
  /** Of Spindle: the extra of an asset's event stands alone. */
  readonly run?: string;
  readonly rows?: number;
  readonly bytes?: number;
  readonly partitions?: readonly string[];
  readonly metadata?: Metadata;
}

interface Line {
  readonly run: string | null;
  readonly status: RunOutcome;
  readonly materialized: readonly Made[];
  readonly skipped: number;
  readonly failed: number;
  readonly checks: readonly { readonly asset: string; readonly check: string; readonly passed: boolean; readonly partition?: string }[];
  readonly assets: Readonly<Record<string, AssetLine>>;
  readonly error?: { readonly code: string; readonly message: string };
  readonly truncated?: true;
}

/** Bytes of the line with its end: it becomes an XCom, and the extra of an asset's event. */
const LIMIT = 32 * 1024;
const MOST_PARTITIONS = 1_000;

/** One line of JSON that says what a task did, below 32 KiB: what there is no room for is left out, and `truncated` says so. */
export function taskLine(result: TaskResult): string {
  let line = lineOf(result);
  for (const cut of CUTS) {
    if (Buffer.byteLength(JSON.stringify(line)) + 1 < LIMIT) break;
    line = { ...cut(line), truncated: true };
  }
  return JSON.stringify(line);
}

/** What goes first when there is no room. */
const CUTS: readonly ((line: Line) => Line)[] = [
  (line) => ({ ...line, materialized: line.materialized.filter(({ partition }) => partition === undefined) }),
  (line) => ({
    ...line,
    materialized: line.materialized.map(({ metadata: _, ...made }) => made),
    assets: eachAsset(line, ({ metadata: _, ...asset }) => asset),
  }),
  (line) => ({ ...line, checks: line.checks.filter(({ passed }) => !passed) }),
  ...[500, 250, 100, 10].map((count) => (line: Line) => ({
    ...line,
    assets: eachAsset(line, (asset) => ({ ...asset, ...(asset.partitions && { partitions: asset.partitions.slice(0, count) }) })),
  })),
  (line) => ({ ...line, checks: [], materialized: [] }),
  (line) => ({ ...line, assets: {} }),
  ({ error, ...line }) => ({ ...line, ...(error && { error: { ...error, message: error.message.slice(0, 1_000) } }) }),
];

const eachAsset = ({ assets }: Line, change: (asset: AssetLine) => AssetLine): Line['assets'] =>
  Object.fromEntries(Object.entries(assets).map(([key, asset]) => [key, change(asset)]));

function lineOf({ run, status, tally, others = [], error, spaceOf }: TaskResult): Line {
  const made = tally.materialized.map((event) => madeBy(event, tally));
  const all = [...others.map((event) => madeBy(event, tally)), ...made];
  const keys = [...new Set(all.map(({ asset }) => asset))];
  const partitions = new Map(keys.map((key) => [key, partitionsOf(all, key, spaceOf(key))]));
  const isCut = [...partitions.values()].some((list) => list.length > MOST_PARTITIONS);
  return {
    run,
    status,
    materialized: made,
    skipped: tally.skipped.length,
    failed: tally.failed.length,
    checks: tally.checks.map(({ asset, check, passed, partition }) => ({
      asset,
      check,
      passed,
      ...(partition !== undefined && { partition }),
    })),
    assets: Object.fromEntries(
      keys.map((key) => [key, { ...(run !== null && { run }), ...assetLine(all, key, partitions.get(key) ?? []) }]),
    ),
    ...(error !== undefined && { error: { code: error.code, message: error.message } }),
    ...(isCut && { truncated: true }),
  };
}

const madeBy = (event: MaterializedEvent, tally: Tally): Made => {
  const { asset, partition, rows = countedRows(tally, asset), bytes, version, metadata } = event;
  return { asset, ...(partition !== undefined && { partition }), ...amounts(rows, bytes), version, metadata };
};

/** Of a dbt model, whose rows are counted when it has been made. */
const countedRows = ({ observed }: Tally, asset: string): number | undefined =>
  observed.findLast((event) => event.asset === asset && event.rows !== undefined)?.rows;

/** The partitions that were made, one by one also where they were made as a range; one more than are listed at most. */
function partitionsOf(made: readonly Made[], asset: string, space: PartitionSpace | undefined): readonly string[] {
  const keys = made.flatMap((one) => (one.asset === asset ? (one.partition ?? []) : []));
  const listed: string[] = [];
  for (const key of space?.ofKeys(keys).keys() ?? keys) {
    listed.push(key);
    if (listed.length > MOST_PARTITIONS) break;
  }
  return listed;
}

function assetLine(made: readonly Made[], asset: string, partitions: readonly string[]): AssetLine {
  const own = made.filter((one) => one.asset === asset);
  const sum = (of: (one: Made) => number | undefined) =>
    own.reduce<number | undefined>((total, one) => (of(one) === undefined ? total : (total ?? 0) + (of(one) ?? 0)), undefined);
  const [only] = own;
  return {
    ...amounts(
      sum(({ rows }) => rows),
      sum(({ bytes }) => bytes),
    ),
    ...(partitions.length > 0 && { partitions: partitions.slice(0, MOST_PARTITIONS) }),
    ...(only?.metadata !== undefined && own.length === 1 && { metadata: only.metadata }),
  };
}

const amounts = (rows: number | undefined, bytes: number | undefined) => ({
  ...(rows !== undefined && { rows }),
  ...(bytes !== undefined && { bytes }),
});
