import type { AssetDefinition } from '../declare/definition.ts';
import { SpindleError } from '../errors.ts';
import { inputVersions } from '../plan/inputs.ts';
import type { Clock } from '../resource/clock.ts';
import { callFunction } from '../run/call-function.ts';
import type { RunEvent } from '../run/event.ts';
import { loadInputs } from '../run/load-inputs.ts';
import { observe } from '../run/observe.ts';
import { recordedError } from '../run/recorded-error.ts';
import type { RunContext } from '../run/run-context.ts';
import { storeContext } from '../run/store-access.ts';
import { assetError } from './asset-error.ts';
import { keepTrying, type Progress } from './keep-trying.ts';
import { linkAbort } from './linked-abort.ts';
import type { Flush, StreamNotice } from './notice.ts';
import { quantile } from './quantile.ts';

export interface StreamAsset {
  readonly asset: AssetDefinition;
  readonly clock: Clock;
  readonly rate: number | undefined;
  /** Ends it at once. */
  readonly signal: AbortSignal;
  /** Ends it in order. */
  readonly drain: AbortSignal;
  /** A context to begin with, of what is recorded then. Its signal is given up with it. */
  start(signal: AbortSignal): Promise<RunContext>;
  /** The run that a flush is recorded in. */
  run(): string;
  record(...events: readonly RunEvent[]): void;
  listen(notice: StreamNotice): void;
}

/** Keeps one asset running until it is told to end, or its source ends: calls its function, and has its store write what comes. Each flush is recorded as a materialization. */
export async function streamAsset(options: StreamAsset): Promise<void> {
  const { asset, clock, rate, signal, drain, listen } = options;
  const spec = asset.store?.spec;
  const stream = spec?.stream?.bind(spec);
  if (stream === undefined) throw new SpindleError('INTERNAL', `${asset.key} has no store that streams.`, { asset: asset.key });
  let lag: ReadonlyMap<number, number> = new Map();
  /** Since the last flush. */
  let rebalances = 0;
  let interruptions = 0;
  const event = () => ({ run: options.run(), at: clock.now().toISOString(), asset: asset.key });
  const materialized = (run: RunContext, flush: Flush): RunEvent => ({
    type: 'asset.materialized',
    ...event(),
    version: flush.version,
    codeVersion: run.codeVersion(asset),
    configVersion: run.configVersion(asset),
    ...run.fields(asset),
    inputs: { ...inputVersions(run, asset, undefined), ...flush.inputs },
    milliseconds: flush.milliseconds,
    rows: flush.rows ?? flush.records,
    bytes: flush.bytes ?? 0,
    metadata: {
      records: flush.records,
      rejected: flush.rejected,
      ...(flush.bytesIn !== undefined && { bytesIn: flush.bytesIn }),
      ...flush.metadata,
      ...(flush.latencies.length > 0 && {
        latency: { p50: quantile(flush.latencies, 0.5), p99: quantile(flush.latencies, 0.99) },
      }),
      ...(lag.size > 0 && { lag: [...lag.values()].reduce((sum, one) => sum + one, 0), lagByPartition: Object.fromEntries(lag) }),
      ...(rebalances > 0 && { rebalances }),
    },
  });
  const tell = (run: RunContext, notice: StreamNotice): void => {
    switch (notice.type) {
      case 'flushed':
        if (notice.records === 0) break;
        options.record(materialized(run, notice));
        rebalances = 0;
        break;
      case 'lag':
        lag = notice.lag;
        break;
      case 'assigned':
        rebalances++;
        break;
      case 'interrupted':
        options.record({
          type: 'step.retried',
          ...event(),
          attempt: ++interruptions,
          delay: notice.delay,
          error: recordedError(notice.error, asset.key),
        });
        break;
      case 'idle':
      case 'resumed':
      case 'waiting':
        break;
    }
    listen(notice);
  };

  let latest: RunContext | undefined;
  const attempt = async (progress: Progress): Promise<void> => {
    const hard = linkAbort(signal);
    const ending = linkAbort(signal, drain);
    let begun = false;
    try {
      const run = await options.start(hard.signal);
      latest = run;
      await observe(run);
      requireStreams(run, asset);
      const value = await callFunction(run, asset, {
        partition: undefined,
        inputs: await loadInputs(run, asset, undefined),
        signal: ending.signal,
        stream: { rate },
      });
      const context = await storeContext(run, {
        asset,
        partition: undefined,
        signal: hard.signal,
        inputs: inputVersions(run, asset, undefined),
      });
      begun = true;
      await stream(value, {
        ...context,
        clock,
        drain,
        rate,
        inputs: Object.values(asset.dependencies).map(({ upstream }) => upstream.key),
        tell(notice) {
          if (notice.type === 'flushed') progress.progressed();
          if (notice.type === 'idle' || notice.type === 'lag') progress.idle();
          tell(run, notice);
        },
      });
    } catch (error) {
      if (drain.aborted && !begun) return; // nothing was read: there is nothing to bring to its end
      throw assetError(error, asset.key);
    } finally {
      for (const link of [hard, ending]) link.unlink();
    }
  };
  await keepTrying(attempt, {
    clock,
    until: signal,
    drain,
    tell: (notice) => (latest === undefined ? listen(notice) : tell(latest, notice)),
  });
}

/** A topic that nobody has produced to yet is waited for: its producer may start later. UPSTREAM_MISSING, transient. */
function requireStreams(run: RunContext, { key, dependencies }: AssetDefinition): void {
  for (const { upstream } of Object.values(dependencies)) {
    if (upstream.store?.spec.stream === undefined || run.record.version(upstream.key) !== undefined) continue;
    throw new SpindleError('UPSTREAM_MISSING', `${key} waits for ${upstream.key}, which holds nothing yet.`, {
      asset: key,
      transient: true,
      remedy: `Start what produces it, where nothing does: spindle stream ${upstream.key}.`,
    });
  }
}
