import { isSpindleError } from '../../runtime/errors.ts';
import type { Broker } from '../../runtime/resource/broker.ts';
import type { ObjectStore } from '../../runtime/resource/object-store.ts';
import { isStreamed } from '../../runtime/stream/is-streamed.ts';
import type { CommandContext } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { formatBytes, formatCount, formatDuration } from '../format.ts';
import { landingsOf } from '../landing/landings.ts';
import { landingStatus, landingStatusText, type LandingResources, type PartitionStatus } from '../landing/status.ts';
import { openPipeline, type Pipeline } from '../pipeline.ts';
import { requireRunStore } from '../require-run-store.ts';
import { listRuns } from '../runs/run-status.ts';
import { table, type TableColumn } from '../table.ts';
import { recordedFlushes, type RecordedFlushes } from './recorded-flushes.ts';
import { STREAM_TAG } from './stream-tag.ts';

export interface StatusArguments {
  readonly project?: string | undefined;
  readonly env?: string | undefined;
  readonly select?: string | undefined;
  readonly json: boolean;
}

/** How the streams of one asset come along, over the last minutes and all processes. */
interface AssetStatus extends Omit<RecordedFlushes, 'lag'> {
  readonly asset: string;
  /** Of a landing: by partition; none where another process has the broker. */
  readonly lag: readonly PartitionStatus[];
  /** The sum of that, or what the last flushes told; null where nobody can say. */
  readonly totalLag: number | null;
}

/** Shows how the streams come along: what the run store has of the last minutes, and how far each partition is landed. */
export async function streamStatus(args: StatusArguments, context: CommandContext): Promise<ExitCode> {
  const { output } = context;
  const pipeline = await openPipeline(args, context);
  try {
    const { graph } = pipeline.session;
    const selected = new Set(await pipeline.select());
    const assets = graph.assets.filter((asset) => selected.has(asset.key) && isStreamed(asset));
    const store = await requireRunStore(pipeline);
    const running = (await listRuns(store, { limit: 1_000, tag: STREAM_TAG, status: 'running' })).map(({ run }) => run);
    const landings = landingsOf(graph).filter(({ asset }) => selected.has(asset));
    const resources = landings.length === 0 ? undefined : await openLanding(pipeline, context);
    const statuses: AssetStatus[] = [];
    for (const { key } of assets) {
      const own = landings.filter(({ asset }) => asset === key);
      const partitions = resources && (await Promise.all(own.map((landing) => landingStatus(landing, resources)))).flat();
      const recorded = await recordedFlushes(store, key, running);
      const lag = partitions === undefined || own.length === 0 ? recorded.lag : partitions.reduce((sum, one) => sum + one.lag, 0);
      statuses.push({ asset: key, ...recorded, lag: partitions ?? [], totalLag: lag });
    }
    if (args.json) output.json({ running: running.length, assets: statuses });
    else {
      output.print(statuses.length === 0 ? 'The project has no topic and no landing.' : table(COLUMNS, statuses, output.style.bold));
      if (resources !== undefined)
        output.print(
          `\n${landingStatusText(
            landings,
            statuses.flatMap(({ lag }) => lag),
            output.style,
          )}`,
        );
      output.print(
        `\n${running.length === 0 ? 'No stream runs.' : `${running.length} ${running.length === 1 ? 'stream runs' : 'streams run'}.`}`,
      );
    }
    return EXIT.ok;
  } finally {
    await pipeline.close();
  }
}

/** Undefined where the broker belongs to another process, which is the stream itself as a rule. */
async function openLanding({ environment }: Pipeline, { output, redactor, signal }: CommandContext): Promise<LandingResources | undefined> {
  try {
    return { broker: (await environment.open('broker')) as Broker, lake: (await environment.open('lake')) as ObjectStore, signal };
  } catch (error) {
    if (!isSpindleError(error) || error.code !== 'BROKER_LOCKED') throw error;
    output.notice(`Lag is what the last flushes told: ${redactor.text(error.message)}.`);
    return undefined;
  }
}

const time = (milliseconds: number | null): string => (milliseconds === null ? '-' : formatDuration(milliseconds));

const COLUMNS: readonly TableColumn<AssetStatus>[] = [
  { title: 'asset', text: ({ asset }) => asset },
  { title: 'processes', text: ({ processes }) => String(processes), align: 'right' },
  { title: 'records/s', text: ({ recordsPerSecond }) => recordsPerSecond.toFixed(1), align: 'right' },
  { title: 'in', text: ({ bytesIn }) => (bytesIn === 0 ? '-' : formatBytes(bytesIn)), align: 'right' },
  { title: 'out', text: ({ bytes }) => formatBytes(bytes), align: 'right' },
  { title: 'set aside', text: ({ rejected }) => formatCount(rejected), align: 'right' },
  { title: 'flushes', text: ({ flushes }) => formatCount(flushes), align: 'right' },
  { title: 'records each', text: ({ flushRecords: { p50 } }) => (p50 === null ? '-' : formatCount(p50)), align: 'right' },
  { title: 'p50', text: ({ latency }) => time(latency.p50), align: 'right' },
  { title: 'p99', text: ({ latency }) => time(latency.p99), align: 'right' },
  { title: 'lag', text: ({ totalLag }) => (totalLag === null ? '-' : formatCount(totalLag)), align: 'right' },
  { title: 'rebalances', text: ({ rebalances }) => formatCount(rebalances), align: 'right' },
  { title: 'last flush', text: ({ lastFlushAt }) => lastFlushAt ?? '-' },
];
