import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { AssetDefinition } from '../declare/definition.ts';
import type { Clock } from '../resource/clock.ts';
import type { Claim, RunStore } from '../resource/run-store.ts';
import { createInterrupt } from '../run/interrupt.ts';
import type { RunTitle } from '../run/run-selection.ts';
import type { RunContext } from '../run/run-context.ts';
import { keepTrying } from './keep-trying.ts';
import { linkAbort } from './linked-abort.ts';
import type { StreamNotice } from './notice.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { streamAlone } from './stream-alone.ts';
import { streamAsset } from './stream-asset.ts';

export interface StreamSettings {
  /** With stores that stream. */
  readonly assets: readonly AssetDefinition[];
  readonly title: RunTitle;
  readonly runStore: RunStore | undefined;
  readonly clock: Clock;
  readonly rate: number | undefined;
  /** Ends it at once: what was not written yet is left to whoever goes on. */
  readonly signal: AbortSignal;
  /** Ends it in order. */
  readonly drain: AbortSignal;
  /** Puts a run of that id together, of one asset; it ends with the signal. */
  start(asset: string, run: string, signal: AbortSignal): Promise<RunContext>;
  listen(asset: string, notice: StreamNotice): void;
}

/** Milliseconds after which a stream's run ends and the next begins: what is older than the run store keeps can then be forgotten. */
const SEGMENT = 6 * 3_600_000;
/** Milliseconds that the run store is waited for at the end. */
const PATIENCE = 10_000;

/**
 * Keeps assets running until they are told to end, each by itself, and records what they do. Rejects with the first error of what could not be brought to its end, or with the
 * signal's reason: what is under way then is not waited for.
 */
export async function streamAssets(settings: StreamSettings): Promise<void> {
  const { assets, clock, signal, drain } = settings;
  for (const listened of [signal, drain]) setMaxListeners(0, listened); // each asset listens
  const recorder = createRecorder(settings.runStore, clock);
  const runs = createRuns(settings, recorder.record);
  const rolling = runs.roll(signal, drain);
  const interrupt = createInterrupt(signal);
  let over = false;
  const listen: StreamSettings['listen'] = (asset, notice) => {
    if (!over) settings.listen(asset, notice);
  };
  const outcomes = await Promise.allSettled(
    assets.map((asset) => interrupt(streamOne({ ...settings, listen }, asset, { current: runs.current, record: recorder.record }))),
  );
  over = true;
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  runs.end(signal.aborted ? 'canceled' : failed === undefined ? 'succeeded' : 'failed');
  await rolling;
  const unrecorded = await recorder.end(PATIENCE);
  if (failed !== undefined) throw failed.reason;
  if (unrecorded !== undefined) throw unrecorded;
}

interface Recording {
  /** The run that is recorded now. */
  current(): string;
  readonly record: Recorder['record'];
}

/** One asset: alone, but for an asset whose processes divide the work among themselves. */
async function streamOne(settings: StreamSettings, asset: AssetDefinition, { current, record }: Recording): Promise<void> {
  const { runStore, clock, signal, drain } = settings;
  const listen = (notice: StreamNotice): void => settings.listen(asset.key, notice);
  const work = (ended: AbortSignal): Promise<void> =>
    streamAsset({
      ...settings,
      signal: ended,
      asset,
      start: (own) => settings.start(asset.key, current(), own),
      run: current,
      record,
      listen,
    });
  if (runStore === undefined || asset.store?.spec.grouped === true) return work(signal);
  const claim: Claim = { name: asset.key, part: '', whole: true, run: current() };
  const waiting = (holder: string): void => listen({ type: 'waiting', holder });
  await keepTrying(({ progressed }) => streamAlone({ runStore, clock, claim, signal, drain, waiting, begun: progressed }, work), {
    clock,
    until: signal,
    drain,
    tell: listen,
  });
}

/** The runs that a stream is, one after the other. */
function createRuns({ title, assets, clock }: StreamSettings, record: Recorder['record']) {
  let started = 0;
  let run = '';
  const over = new AbortController();
  const begin = (): void => {
    run = randomUUID();
    started = clock.elapsed();
    record({ type: 'run.started', run, at: clock.now().toISOString(), seed: 0, steps: assets.length, ...recordable(title) });
  };
  const end = (status: 'succeeded' | 'failed' | 'canceled'): void =>
    record({ type: 'run.finished', run, at: clock.now().toISOString(), status, milliseconds: Math.round(clock.elapsed() - started) });
  begin();
  return {
    current: () => run,
    end(status: 'succeeded' | 'failed' | 'canceled'): void {
      over.abort();
      end(status);
    },
    /** Resolves when the stream is over, or told to be. */
    async roll(...signals: readonly AbortSignal[]): Promise<void> {
      const until = linkAbort(over.signal, ...signals);
      while (!until.signal.aborted) {
        await clock.sleep(SEGMENT, until.signal).catch(() => {}); // the end is no error
        if (until.signal.aborted) break;
        end('succeeded');
        begin();
      }
      until.unlink();
    },
  };
}

function recordable({ project, environment, selection, process, tags = [] }: RunTitle) {
  return { project, environment, selection, ...(process !== undefined && { process }), ...(tags.length > 0 && { tags }) };
}
