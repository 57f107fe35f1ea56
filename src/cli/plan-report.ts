import { freshnessOf } from '../runtime/automation/freshness.ts';
import { freshness } from '../runtime/plan/explain.ts';
import type { Plan, PlanAction, PlannedAsset } from '../runtime/plan/plan.ts';
import { describeReason } from '../runtime/plan/reason.ts';
import type { RunContext } from '../runtime/run/run-context.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';

/** Partitions named in a line; the others are counted. */
const NAMED_PARTITIONS = 3;

export function printPlan(run: RunContext, { assets }: Plan, style: Style): string {
  const columns = [
    { title: 'asset', text: ({ asset }: PlannedAsset) => asset.key },
    { title: 'action', text: (planned: PlannedAsset) => (isEmpty(planned) ? 'nothing' : ACTION[planned.action]) },
    { title: 'why', text: (planned: PlannedAsset) => why(run, planned) + overdueText(run, planned) },
  ];
  const count = (action: PlanAction) => assets.filter((planned) => planned.action === action).length;
  const empty = assets.filter(isEmpty).length;
  const totals = `${count('run')} to run, ${count('perhaps')} perhaps, ${count('skip') - empty} fresh${empty > 0 ? `, ${empty} without data` : ''}${count('blocked') > 0 ? `, ${count('blocked')} blocked` : ''}`;
  return `${table(columns, assets, style.bold)}\n\n${totals}`;
}

/** Partitioned, and no input has data for any partition. */
export function isEmpty({ asset, action, fresh }: PlannedAsset): boolean {
  return asset.partitions !== undefined && action === 'skip' && fresh === 0;
}

const ACTION = { run: 'run', perhaps: 'perhaps', skip: 'fresh', blocked: 'blocked', observe: 'observe' } as const satisfies Record<
  PlanAction,
  string
>;

/** That an asset is older than it is to be, which by itself makes nothing run. */
function overdueText({ record, now }: RunContext, { asset }: PlannedAsset): string {
  const freshness = freshnessOf(asset, record, now);
  return freshness?.status === 'overdue' ? `; overdue since ${freshness.since.toISOString()}` : '';
}

function why(run: RunContext, planned: PlannedAsset): string {
  const { asset, action, steps, waitsFor, blockedBy } = planned;
  switch (action) {
    case 'observe':
      return 'something else writes it';
    case 'blocked':
      return blockedBy ?? '';
    case 'perhaps':
      return `if ${waitsFor.join(' or ')} changes`;
    case 'skip':
      if (isEmpty(planned)) return 'no partition has data';
      return asset.partitions === undefined
        ? freshness(run, asset, undefined)
        : `every partition that has data is fresh (${planned.fresh})`;
    case 'run': {
      const reasons = [...new Set(steps.flatMap((step) => step.reasons.map(describeReason)))].slice(0, 3).join('; ');
      if (asset.partitions === undefined) return reasons;
      const names = steps.slice(0, NAMED_PARTITIONS).map(({ partition }) => partition);
      const more = steps.length > NAMED_PARTITIONS ? ` and ${steps.length + planned.unlisted - NAMED_PARTITIONS} more` : '';
      return `${names.join(', ')}${more}: ${reasons}`;
    }
  }
}

export function planJson({ assets }: Plan): unknown {
  return assets.map(({ asset, action, steps, unlisted, fresh, waitsFor, blockedBy }) => ({
    asset: asset.key,
    action,
    steps: steps.map(({ partition = null, reasons }) => ({ partition, reasons })),
    ...(unlisted > 0 && { unlisted }),
    fresh,
    waitsFor,
    blockedBy: blockedBy ?? null,
  }));
}
