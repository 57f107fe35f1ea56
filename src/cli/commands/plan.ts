import type { ArgsOf, CommandContext, CommandParser } from '../command.ts';
import { ENVIRONMENT_OPTION, PARTITION_OPTION, RUN_OPTIONS, SELECT_OPTION } from '../common-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';

export const command = 'plan';
export const describe = 'Show what a run would do, and why';

export const builder = (yargs: CommandParser) =>
  yargs
    .options({ ...SELECT_OPTION, ...PARTITION_OPTION, ...ENVIRONMENT_OPTION, ...RUN_OPTIONS })
    .option('offline', {
      type: 'boolean',
      default: false,
      describe: 'Plan over what is recorded, without asking the drivers: opens nothing',
    })
    .example('spindle plan', 'everything')
    .example("spindle plan -s 'stale and group:gold'", 'the stale ones of a group')
    .example('spindle plan --offline --json', 'from the record alone, as JSON');

export async function handler(args: ArgsOf<typeof builder>, context: CommandContext): Promise<ExitCode> {
  const { output } = context;
  const [{ openPipeline, planOf }, { printPlan, planJson }] = await Promise.all([import('../pipeline.ts'), import('../plan-report.ts')]);
  const pipeline = await openPipeline(args, context, { parse: !args.offline });
  try {
    const run = args.offline ? await startOffline(pipeline) : await pipeline.start();
    if (!args.offline) {
      const { observe } = await import('../../runtime/run/observe.ts');
      await observe(run);
    }
    const plan = planOf(run);
    if (args.json) output.json(planJson(plan));
    else output.print(printPlan(run, plan, output.style));
    return EXIT.ok;
  } finally {
    await pipeline.close();
  }
}

async function startOffline(pipeline: import('../pipeline.ts').Pipeline) {
  const [{ recordedStatePath }, { readStateFile, stateFilePath }] = await Promise.all([
    import('../pipeline.ts'),
    import('../../drivers/run-store/state-file.ts'),
  ]);
  return pipeline.startOffline(await readStateFile(stateFilePath(recordedStatePath(pipeline.environment))));
}
