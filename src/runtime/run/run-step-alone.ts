import type { AssetDefinition } from '../declare/definition.ts';
import { assess } from '../plan/assess.ts';
import { rangeOf } from '../plan/upstream-part.ts';
import { alone, type Enter } from './alone.ts';
import { keysOf, madeMeanwhile, readAgain } from './made-meanwhile.ts';
import { obstruction, skipStep } from './obstruction.ts';
import { runMissingChecks } from './run-checks.ts';
import { stamp, type RunContext } from './run-context.ts';
import { runStep } from './run-step.ts';
import { ranges, type StaleStep } from './stale-steps.ts';
import { stepFields } from './step-name.ts';

interface StepInSlot {
  readonly step: StaleStep;
  readonly enter: Enter;
}

/** Runs a step of a stored asset as the only one of all runs of the run store and their parts; what another one has made by then is not made again. */
export async function runStepAlone(run: RunContext, asset: AssetDefinition, { step, enter }: StepInSlot): Promise<void> {
  const spec = asset.store?.spec;
  if (spec === undefined || run.runStore === undefined) return enter(() => runStep(run, asset, step));
  const { partition } = step;
  const place = { asset: asset.key, partition };
  const whole = partition === undefined || spec.exclusive === true || rangeOf(run, asset.key, partition) !== undefined;
  const work = async () => {
    const other = await madeMeanwhile(run, asset, partition);
    const due = other === undefined ? [step] : await stillDue(run, asset, partition);
    const changed = other !== undefined || run.signal.aborted;
    const obstructed = changed ? obstruction(run, asset, { partition, stale: due.length > 0 }) : undefined;
    if (obstructed !== undefined) return skipStep(run, place, obstructed);
    for (const one of due) await runStep(run, asset, one);
    if (due.length > 0) return undefined;
    await run.emit({ type: 'step.skipped', ...stamp(run), ...stepFields(place), cause: 'fresh', reason: `${other} made it meanwhile` });
    for (const key of keysOf(run, asset, partition)) await runMissingChecks(run, asset, key);
  };
  await alone(run, [{ ...place, whole }], { enter, work });
}

/** What is stale of a step after another run made some of it: what that run has read may be newer than what this one knows. */
async function stillDue(run: RunContext, asset: AssetDefinition, partition: string | undefined): Promise<readonly StaleStep[]> {
  const keys = keysOf(run, asset, partition);
  const assessed = () =>
    keys.map((key) => ({ partition: key, reasons: assess(run, asset, key) })).filter(({ reasons }) => reasons.length > 0);
  if (assessed().length === 0) return [];
  await readAgain(
    run,
    Object.values(asset.dependencies).map(({ upstream }) => upstream.key),
  );
  const due = assessed();
  const space = asset.backfill === 'range' ? run.record.space(asset.key) : undefined;
  return space === undefined ? due : [...ranges(space, new Map(due.map((step) => [step.partition ?? '', step.reasons])))];
}
