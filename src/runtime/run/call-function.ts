import type { StreamInfo } from '../declare/context.ts';
import type { AssetDefinition } from '../declare/definition.ts';
import { parsePartition } from '../partitions/key.ts';
import { firstAttempt } from './attempts.ts';
import { seededRandom } from './random.ts';
import { recordable } from './recordable.ts';
import type { RunContext } from './run-context.ts';
import { stamp } from './run-context.ts';
import { callShared } from './shared-call.ts';
import { stepFields } from './step-name.ts';
import { openAll, originOf } from './store-access.ts';

export interface FunctionCall {
  readonly partition: string | undefined;
  /** The first one unless given. */
  readonly attempt?: number;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  /** Set where the asset is kept running. */
  readonly stream?: StreamInfo;
  /** Called with what the function reports of itself. */
  metadata?(values: Readonly<Record<string, unknown>>): void;
}

/** Calls an asset's function. Members of a multi-asset share one call for each partition. */
export async function callFunction(run: RunContext, asset: AssetDefinition, call: FunctionCall): Promise<unknown> {
  const { partition, attempt, metadata = () => {} } = call;
  const invoke = async (report: typeof metadata): Promise<unknown> =>
    asset.run?.(call.inputs, await functionContext(run, asset, { ...call, metadata: report }));
  const { shared } = asset;
  return shared === undefined ? invoke(metadata) : callShared(run, { shared, turn: { partition, attempt, metadata, call: invoke } });
}

/** Names the function: that of a multi-asset belongs to all of its members alike, whichever comes first. */
const functionName = ({ key, shared }: AssetDefinition): string => shared?.name ?? key;

async function functionContext(run: RunContext, asset: AssetDefinition, call: FunctionCall): Promise<Readonly<Record<string, unknown>>> {
  const { partition } = call;
  return Object.assign(commonContext(run, { asset, partition, signal: call.signal, metadata: call.metadata ?? (() => {}) }), {
    config: run.config(asset),
    resources: await openAll(run, asset.resources, originOf(run, asset.key, partition)),
    step: { run: run.run, asset: functionName(asset), partition, attempt: call.attempt ?? firstAttempt(run) },
    progress: (done: number, total?: number) => run.progress({ asset: asset.key, partition }, done, total),
    stream: call.stream,
    ...(asset.partitions !== undefined &&
      partition !== undefined && { partition: parsePartition(asset.partitions, partition, { asset: asset.key, zones: run.zones }).value }),
  });
}

interface Common {
  readonly asset: AssetDefinition;
  readonly partition: string | undefined;
  readonly signal: AbortSignal;
  metadata(values: Readonly<Record<string, unknown>>): void;
}

/** What functions of assets and of checks get alike. */
export function commonContext(run: RunContext, { asset, partition, signal, metadata }: Common): Readonly<Record<string, unknown>> {
  let random: (() => number) | undefined;
  return {
    signal,
    now: () => run.clock.now(),
    random: () => (random ??= seededRandom(run.seed, functionName(asset), partition ?? ''))(),
    // The log is written in the order of the calls; a function that logs need not wait for it.
    log: (message: string, fields?: Readonly<Record<string, unknown>>) =>
      void run.emit({
        type: 'log',
        ...stamp(run),
        ...stepFields({ asset: asset.key, partition }),
        message,
        ...(fields && { fields: recordable(fields, asset.key) }),
      }),
    metadata: (values: Readonly<Record<string, unknown>>) => metadata(recordable(values, asset.key)),
  };
}
