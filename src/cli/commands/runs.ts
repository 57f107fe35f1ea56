import { SpindleError } from '../../runtime/errors.ts';
import type { RunStore } from '../../runtime/resource/run-store.ts';
import type { ArgsOf, CommandContext, CommandParser } from '../command.ts';
import { ENVIRONMENT_OPTION } from '../common-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { wholeNumber } from '../option-values.ts';
import type { Output } from '../output.ts';

const ACTIONS = ['list', 'show', 'logs'] as const;

export const command = 'runs [action] [run]';
export const describe = 'Show the runs so far, one of them, or its log';

export const builder = (yargs: CommandParser) =>
  yargs
    .positional('action', {
      choices: ACTIONS,
      default: 'list' as const,
      describe: 'list: the newest runs; show: what a run did; logs: its events in order',
    })
    .positional('run', { type: 'string', describe: 'The beginning of a run’s id, where it is the only one; the newest run by default' })
    .options(ENVIRONMENT_OPTION)
    .option('limit', { ...wholeNumber('limit', 1, 'Runs to list; 20 by default'), alias: 'n' })
    .example('spindle runs', 'the newest runs')
    .example('spindle runs show 3f2a', 'steps, rows, bytes, durations, checks and failures of one')
    .example('spindle runs logs --json', 'every event of the newest run, as JSON');

interface Shown {
  readonly run: string | undefined;
  readonly json: boolean;
  readonly output: Output;
}

export async function handler(args: ArgsOf<typeof builder>, context: CommandContext): Promise<ExitCode> {
  const { output } = context;
  const { action, run, json, limit = 20 } = args;
  if (action === 'list' && run !== undefined)
    throw new SpindleError('USAGE', `spindle runs list does not take the argument "${run}".`, { remedy: `Run: spindle runs show ${run}` });
  const { openPipeline } = await import('../pipeline.ts');
  const pipeline = await openPipeline({ project: args.project, env: args.env }, context);
  try {
    const store = await pipeline.runStore();
    if (store === undefined)
      throw new SpindleError(
        'RESOURCE_MISSING',
        `The environment "${pipeline.environment.name}" has no runStore: nothing is recorded of its runs.`,
        {
          field: 'runStore',
          remedy: 'Give it one in the project’s environments, or choose another environment with --env.',
        },
      );
    if (action === 'list') await list(store, limit, { json, output });
    else if (action === 'show') await show(store, { run, json, output });
    else await logs(store, { run, json, output });
    return EXIT.ok;
  } finally {
    await pipeline.close();
  }
}

async function list(store: RunStore, limit: number, { json, output }: Omit<Shown, 'run'>): Promise<void> {
  const [{ shownStatus }, { runListText }] = await Promise.all([import('../runs/run-status.ts'), import('../runs/run-list.ts')]);
  const runs = await store.runs({ limit });
  const listed = await Promise.all(runs.map(async (run) => ({ ...run, status: await shownStatus(store, run) })));
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
