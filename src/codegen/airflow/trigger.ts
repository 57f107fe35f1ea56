import type { Condition } from '../../runtime/automation/condition.ts';
import type { CronSchedule } from '../../runtime/automation/cron.ts';
import type { AutomationFeature } from './ledger/feature.ts';
import type { AssetExpression } from './schedule.ts';

/** What may start a DAG: ticks, new versions of assets, or both. */
export interface Trigger {
  readonly crons: readonly CronSchedule[];
  readonly assets: AssetExpression | undefined;
  readonly features: readonly AutomationFeature[];
}

const NOTHING: Trigger = { crons: [], assets: undefined, features: [] };

/** Reads a job's condition. `inputs` are the assets that the job reads and does not make: what `eager` waits for. */
export function triggerOf(condition: Condition, inputs: readonly string[]): Trigger {
  switch (condition.kind) {
    case 'cron':
      // What Airflow would read otherwise, or not at all, is no tick of a file that has to load.
      return readsAlike(condition)
        ? { ...NOTHING, crons: [condition], features: ['automation.cron'] }
        : { ...NOTHING, features: ['automation.cron-dialect'] };
    case 'updated':
      return { ...NOTHING, assets: anyOf(condition.assets.map(asset)), features: ['automation.updated'] };
    case 'eager':
      return {
        ...NOTHING,
        assets: anyOf(inputs.map(asset)),
        features: [inputs.length === 0 ? 'automation.eager-alone' : 'automation.eager'],
      };
    case 'missing':
      return { ...NOTHING, features: ['automation.missing'] };
    case 'overdue':
      return { ...NOTHING, features: ['automation.overdue'] };
    case 'not':
      return { ...NOTHING, features: ['automation.not'] };
    case 'any': {
      const parts = condition.conditions.map((part) => triggerOf(part, inputs));
      const crons = parts.flatMap((part) => part.crons);
      return {
        crons,
        assets: anyOf(parts.flatMap((part) => part.assets ?? [])),
        features: [
          ...parts.flatMap((part) => part.features),
          'automation.any',
          ...(crons.length > 1 ? (['automation.several-crons'] as const) : []),
          ...(new Set(crons.map(({ timezone }) => timezone)).size > 1 ? (['automation.several-zones'] as const) : []),
        ],
      };
    }
    case 'all':
      return allOf(condition.conditions.map((part) => triggerOf(part, inputs)));
  }
}

/** A tick that something else has to agree to is a tick whose tasks find nothing to do; assets that all have to be new are Airflow's own `&`. */
function allOf(parts: readonly Trigger[]): Trigger {
  const features = parts.flatMap((part) => part.features);
  const ticking = parts.filter(({ crons }) => crons.length > 0);
  const [only] = ticking;
  if (only !== undefined && ticking.length === 1 && only.assets === undefined) {
    // What agrees to a tick is asked by the tasks: whether it could start a DAG by itself does not matter.
    const agreeing = features.filter(
      (feature) => feature === 'automation.cron' || feature === 'automation.cron-dialect' || feature === 'automation.not',
    );
    return { crons: only.crons, assets: undefined, features: [...agreeing, 'automation.all-with-cron'] };
  }
  if (ticking.length > 0 || parts.some(({ assets }) => assets === undefined))
    return { ...NOTHING, features: [...features, 'automation.all-mixed'] };
  const of = parts.flatMap(({ assets }) => assets ?? []);
  return { ...NOTHING, assets: of.length === 1 ? of[0] : { kind: 'all', of }, features: [...features, 'automation.all'] };
}

const asset = (key: string): AssetExpression => ({ kind: 'asset', key });

function anyOf(of: readonly AssetExpression[]): AssetExpression | undefined {
  const [first] = of;
  return of.length <= 1 ? first : { kind: 'any', of };
}

/** False for what only one of the two readers of cron expressions knows: `?`, `W`, `L`, `#` and a leading `+`. */
function readsAlike({ cron }: CronSchedule): boolean {
  const named = cron.toUpperCase().replaceAll(/SUN|MON|TUE|WED|THU|FRI|SAT|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC/g, '1');
  return /^[\d*,/\- \t]+$/.test(named);
}
