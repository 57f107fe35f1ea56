import { randomUUID } from 'node:crypto';
import type { AssetDefinition } from '../declare/definition.ts';
import type { Clock } from '../resource/clock.ts';
import type { Claim, RunStore } from '../resource/run-store.ts';
import type { RunTitle } from '../run/run-selection.ts';
import type { RunContext } from '../run/run-context.ts';
import type { StreamNotice } from './notice.ts';
import { createRecorder, type Recorder } from './recorder.ts';
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
  /** Puts a run of that id together, of one asset. */
  start(asset: string, run: string): Promise<RunContext>;
  listen(asset: string, notice: StreamNotice): void;
}

/** Milliseconds after which a stream's run ends and the next begins: what is older than the run store keeps can then be forgotten. */
const SEGMENT = 6 * 3_600_000;
/** Milliseconds that the run store is waited for at the end. */
const PATIENCE = 10_000;
/** Milliseconds between two looks at an asset that another process streams. */
const LOOK = 1_000;

/** Keeps assets running until they are told to end, each by itself, and records what they do. Rejects with the first error of what could not be brought to its end. */
export async function streamAssets(settings: StreamSettings): Promise<void> {
  const { assets, clock, signal, drain } = settings;
  const recorder = createRecorder(settings.runStore, clock);
  const stopping = AbortSignal.any([signal, drain]);
  const runs = createRuns(settings, recorder.record);
  const rolling = runs.roll(stopping);
  try {
    const outcomes = await Promise.allSettled(
      assets.map(async (asset) => {
        const release = await claimStream(settings, asset, stopping);
        try {
          await streamAsset({
            ...settings,
            asset,
            start: () => settings.start(asset.key, runs.current()),
            run: runs.current,
            record: recorder.record,
            listen: (notice) => settings.listen(asset.key, notice),
          });
        } finally {
          await release();
        }
      }),
    );
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    runs.end(failed !== undefined ? 'failed' : signal.aborted ? 'canceled' : 'succeeded');
    if (failed !== undefined) throw failed.reason;
  } finally {
    runs.stop();
    await rolling;
    const failure = await recorder.end(PATIENCE);
    if (failure !== undefined) throw failure;
  }
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
    end,
    stop: () => over.abort(),
    async roll(stopping: AbortSignal): Promise<void> {
      const until = AbortSignal.any([stopping, over.signal]);
      while (!until.aborted) {
        await clock.sleep(SEGMENT, until).catch(() => {}); // the end is no error
        if (until.aborted) return;
        end('succeeded');
        begin();
      }
    },
  };
}

function recordable({ project, environment, selection, process, tags = [] }: RunTitle) {
  return { project, environment, selection, ...(process !== undefined && { process }), ...(tags.length > 0 && { tags }) };
}

/** Makes this the one process that streams the asset, as soon as no other does; gives what gives that back. An asset whose processes divide the work is nobody's alone. */
async function claimStream(
  { runStore, clock, listen }: StreamSettings,
  asset: AssetDefinition,
  stopping: AbortSignal,
): Promise<() => Promise<void>> {
  if (runStore === undefined || asset.store?.spec.grouped === true) return async () => {};
  const claim: Claim = { name: asset.key, part: '', whole: true, run: randomUUID() };
  for (let told = false; !stopping.aborted; told = true) {
    const standing = await runStore.claim(claim);
    if (standing === undefined) return () => runStore.release(claim.run, claim);
    if (!told) listen(asset.key, { type: 'waiting', holder: standing.run });
    await clock.sleep(LOOK, stopping).catch(() => {}); // the end is no error
  }
  return async () => {};
}
