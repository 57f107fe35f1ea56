import type { AssetDefinition, CheckDefinition } from '../declare/definition.ts';
import { describeReason } from '../plan/reason.ts';
import type { Warehouse } from '../resource/warehouse.ts';
import { finalAttempt, firstAttempt } from './attempts.ts';
import type { RecordedError } from './event.ts';
import { failStep } from './fail-step.ts';
import { recordedError } from './recorded-error.ts';
import { retryDelay } from './retry-delay.ts';
import { runChecks } from './run-checks.ts';
import { stamp, type RunContext } from './run-context.ts';
import { reportUntested } from './test-report.ts';
import { callTransformer } from './transform-call.ts';
import type { Member } from './transform-members.ts';
import { transformReporter } from './transform-report.ts';

export interface Build {
  /** The project's folder, absolute. */
  readonly dir: string;
  readonly members: ReadonlyMap<string, Member>;
  /** Of assets that are not built. */
  readonly tests: readonly CheckDefinition[];
}

/**
 * Builds models of one project in one call, with their tests, and runs other tests beside them. Each model and test is recorded as it finishes. What failed
 * for a transient reason, and what the transformer passed over because of that, is built again in a call of its own as often as the models may be tried.
 */
export async function buildModels(run: RunContext, { dir, members, tests }: Build): Promise<void> {
  for (let [due, attempt] = [{ dir, members, tests }, firstAttempt(run)]; ; attempt++) {
    const { held, left } = await buildOnce(run, due, attempt);
    if (held.size === 0 && left.length === 0) break;
    due = { dir, members: new Map([...due.members].filter(([key]) => held.has(key))), tests: left };
    await waitForNext(run, { due, held, attempt });
  }
  for (const { asset } of members.values())
    if (run.memory.failure(asset.key, undefined) === undefined) await runChecks(run, asset, undefined);
}

/** What is to be tried again. */
interface Again {
  /** The models, each with why it was not built. */
  readonly held: ReadonlyMap<string, RecordedError>;
  /** The tests. */
  readonly left: readonly CheckDefinition[];
}

async function buildOnce(run: RunContext, { dir, members, tests }: Build, attempt: number): Promise<Again> {
  const all = [...members.values()];
  for (const { asset, reasons } of all)
    await run.emit({ type: 'step.started', ...stamp(run), asset: asset.key, attempt, reasons: reasons.map(describeReason) });
  const started = run.clock.elapsed();
  const mayTryAgain = (asset: AssetDefinition) => attempt < finalAttempt(run, asset) && !run.signal.aborted;
  const { report, finished, held, tested, lost } = transformReporter(run, members, mayTryAgain);
  const outcome = await attempted(async () => {
    const select = [...all.map(({ asset }) => asset), ...tests].flatMap(({ transform }) => transform?.fqn ?? []);
    const client = await callTransformer(run, { dir, select, fullRefresh: run.fullRefresh, signal: run.signal }, report);
    await countRows(run, client, { members: all, finished });
  });
  const milliseconds = Math.round(run.clock.elapsed() - started);
  const error = outcome ?? NOT_BUILT;
  for (const { asset } of all) {
    if (finished.has(asset.key) || held.has(asset.key)) continue;
    if (run.signal.aborted) await cancelMember(run, asset.key);
    else if (error.transient && mayTryAgain(asset)) held.set(asset.key, error);
    else failStep(run, { asset: asset.key, partition: undefined }, { milliseconds, error, attempt });
  }
  const open = tests.filter((test) => !tested.has(test) && !lost.has(test));
  // What the call passed over stands behind something that is tried again, or that failed for good and tells of it.
  if (outcome === undefined) return { held, left: [...lost, ...(held.size + lost.size > 0 ? open : [])] };
  const again = open.filter((test) => outcome.transient && (held.size > 0 || mayTryAgain(test.asset)));
  if (!run.signal.aborted) for (const test of open) if (!again.includes(test)) reportUntested(run, test, outcome);
  return { held, left: [...lost, ...again] };
}

interface Retry {
  readonly due: Build;
  readonly held: ReadonlyMap<string, RecordedError>;
  readonly attempt: number;
}

/** One wait for all of them: the longest that any of them asks for. */
async function waitForNext(run: RunContext, { due: { members, tests }, held, attempt }: Retry): Promise<void> {
  const assets = [...[...members.values()].map(({ asset }) => asset), ...tests.map(({ asset }) => asset)];
  const delay = Math.max(...assets.map((asset) => retryDelay(run, asset, { partition: undefined, attempt })));
  for (const [asset, error] of held) await run.emit({ type: 'step.retried', ...stamp(run), asset, attempt, delay, error });
  await run.clock.sleep(delay, run.signal).catch(() => {}); // an abort while waiting shows in the next call
}

const NOT_BUILT: RecordedError = {
  code: 'DBT_FAILED',
  message: 'dbt ended without a word about this model.',
  transient: false,
  remedy: "Look into dbt's log, in the folder dbt/logs of the environment.",
};

/** A call that fails as a whole fails the models that it had not built yet. */
async function attempted(build: () => Promise<void>): Promise<RecordedError | undefined> {
  try {
    await build();
    return undefined;
  } catch (error) {
    return recordedError(error);
  }
}

async function cancelMember(run: RunContext, asset: string): Promise<void> {
  run.memory.fail({ asset, partition: undefined }, { cause: 'canceled', reason: 'the run was canceled' });
  await run.emit({ type: 'step.skipped', ...stamp(run), asset, cause: 'canceled', reason: 'the run was canceled' });
}

/** dbt does not say how many rows a model has. */
async function countRows(
  run: RunContext,
  client: Warehouse,
  { members, finished }: { readonly members: readonly Member[]; readonly finished: ReadonlySet<string> },
): Promise<void> {
  for (const { asset, version } of members) {
    const table = asset.store?.spec.location;
    if (table === undefined || !finished.has(asset.key) || run.record.version(asset.key) !== version) continue;
    await run.emit({ type: 'asset.observed', ...stamp(run), asset: asset.key, version, rows: await client.count(table) });
  }
}
