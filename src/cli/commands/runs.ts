import { SpindleError } from '../../runtime/errors.ts';
import type { RunStore } from '../../runtime/resource/run-store.ts';
import type { ArgsOf, CommandContext, CommandParser } from '../command.ts';
import { ENVIRONMENT_OPTION } from '../common-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { wholeNumber } from '../option-values.ts';
import type { Output } from '../output.ts';
import { SHOWN_STATUSES, type ShownStatus } from '../runs/run-status.ts';

/** What can be done, and the options that each takes. */
const ACTIONS = {
  list: ['limit', 'tag', 'status'],
  show: ['run'],
  logs: ['run'],
  resume: ['run'],
  rerun: ['run', 'from', 'failed'],
  prune: ['before', 'dry-run'],
} as const;
type Action = keyof typeof ACTIONS;

export const command = 'runs [action] [run]';
export const describe = 'Show the runs so far; resume one, or run it again';

export const builder = (yargs: CommandParser) =>
  yargs
    .positional('action', {
      choices: Object.keys(ACTIONS) as Action[],
      default: 'list' as const,
      describe:
        'list: the newest runs; show: what a run did; logs: its events in order; resume: finish a run that failed, was canceled or died; rerun: make what a run made again, as a new run; prune: forget old runs',
    })
    .positional('run', {
      type: 'string',
      describe:
        'The beginning of a run’s id, where it is the only one; by default the newest run, for resume the newest that has something left',
    })
    .options(ENVIRONMENT_OPTION)
    .option('limit', { ...wholeNumber('limit', 1, 'Runs to list; 20 by default'), alias: 'n' })
    .option('tag', { type: 'string', requiresArg: true, describe: 'List only the runs with this tag' })
    .option('status', { choices: SHOWN_STATUSES, requiresArg: true, describe: 'List only the runs that are so' })
    .option('from', {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Rerun only this asset and what is downstream of it; may be repeated',
    })
    .option('failed', { type: 'boolean', describe: 'Rerun only what failed, and what was skipped because of that' })
    .option('before', { type: 'string', requiresArg: true, describe: 'Prune what finished before: an age such as 30d, or an instant' })
    .option('dry-run', { type: 'boolean', describe: 'Prune nothing, and say what it would be' })
    .example('spindle runs', 'the newest runs')
    .example('spindle runs --tag nightly --status failed', 'those that failed of a tag')
    .example('spindle runs show 3f2a', 'steps, rows, bytes, durations, checks and failures of one')
    .example('spindle runs logs --json', 'every event of the newest run, as JSON')
    .example('spindle runs resume', 'finish the newest run that was stopped or failed')
    .example('spindle runs rerun 3f2a --from silver/plays', 'an asset and what is downstream of it, once more')
    .example('spindle runs prune --before 90d', 'forget the events of old runs; what is recorded of assets is kept');

type Arguments = ArgsOf<typeof builder>;

interface Shown {
  readonly run: string | undefined;
  readonly json: boolean;
  readonly output: Output;
}

export async function handler(args: Arguments, context: CommandContext): Promise<ExitCode> {
  refuseOthers(args);
  const { output } = context;
  const { action, run, json } = args;
  const [{ openPipeline }, { requireRunStore }] = await Promise.all([import('../pipeline.ts'), import('../require-run-store.ts')]);
  const starts = action === 'resume' || action === 'rerun';
  const pipeline = await openPipeline({ project: args.project, env: args.env }, context, { parse: starts });
  try {
    const store = await requireRunStore(pipeline);
    switch (action) {
      case 'list':
        await list(store, args, output);
        return EXIT.ok;
      case 'show':
        await show(store, { run, json, output });
        return EXIT.ok;
      case 'logs':
        await logs(store, { run, json, output });
        return EXIT.ok;
      case 'prune': {
        const { pruneRuns } = await import('../runs/prune.ts');
        await pruneRuns(store, { before: args.before, dryRun: args['dry-run'] === true, json }, output);
        return EXIT.ok;
      }
      case 'resume': {
        const { resumeRun } = await import('../runs/resume.ts');
        return await resumeRun(pipeline, store, { prefix: run, json, context });
      }
      case 'rerun': {
        const { rerunRun } = await import('../runs/rerun.ts');
        return await rerunRun(pipeline, store, { prefix: run, from: args.from ?? [], failed: args.failed === true, json, context });
      }
    }
  } finally {
    await pipeline.close();
  }
}

/** USAGE where an option, or the run, belongs to another action. */
function refuseOthers(args: Arguments): void {
  const { action, run } = args;
  const own: readonly string[] = ACTIONS[action];
  if (run !== undefined && !own.includes('run'))
    throw new SpindleError('USAGE', `spindle runs ${action} does not take the argument "${run}".`, {
      remedy: `Run: spindle runs show ${run}`,
    });
  const given = (['limit', 'tag', 'status', 'from', 'failed', 'before', 'dry-run'] as const).find(
    (name) => args[name] !== undefined && !own.includes(name),
  );
  if (given === undefined) return;
  const actions = Object.entries(ACTIONS).flatMap(([name, options]) => ((options as readonly string[]).includes(given) ? [name] : []));
  throw new SpindleError('USAGE', `spindle runs ${action} has no option --${given}.`, {
    field: `--${given}`,
    remedy: `It is one of: ${actions.map((name) => `spindle runs ${name}`).join(', ')}.`,
  });
}

interface Listing {
  readonly limit?: number | undefined;
  readonly tag?: string | undefined;
  readonly status?: ShownStatus | undefined;
  readonly json: boolean;
}

async function list(store: RunStore, { limit = 20, tag, status, json }: Listing, output: Output): Promise<void> {
  const [{ listRuns }, { runListText }] = await Promise.all([import('../runs/run-status.ts'), import('../runs/run-list.ts')]);
  const listed = await listRuns(store, { limit, tag, status });
  if (json) output.json(listed);
  else output.print(runListText(listed, output.style));
}

async function show(store: RunStore, { run, json, output }: Shown): Promise<void> {
  const [{ findRun }, { shownStatus }, { reportRun }] = await Promise.all([
    import('../runs/find-run.ts'),
    import('../runs/run-status.ts'),
    import('../runs/run-report.ts'),
  ]);
  const found = await findRun(store, run);
  const report = reportRun({ ...found, status: await shownStatus(store, found) }, await store.events({ run: found.run }));
  if (json) output.json(report.json);
  else output.print(report.text(output.style));
}

async function logs(store: RunStore, { run, json, output }: Shown): Promise<void> {
  const [{ findRun }, { logLine }] = await Promise.all([import('../runs/find-run.ts'), import('../runs/log-line.ts')]);
  const events = await store.events({ run: (await findRun(store, run)).run });
  if (json) output.json(events);
  else output.print(events.map((event) => logLine(event, output.style)).join('\n'));
}
