import type { ArgsOf, CommandContext, CommandParser } from '../command.ts';
import { ENVIRONMENT_OPTION, OFFLINE_OPTION, PARTITION_OPTION, RUN_OPTIONS, SELECT_OPTION } from '../common-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';

export const command = 'plan';
export const describe = 'Show what a run would do, and why';

export const builder = (yargs: CommandParser) =>
  yargs
    .options({ ...SELECT_OPTION, ...PARTITION_OPTION, ...ENVIRONMENT_OPTION, ...RUN_OPTIONS, ...OFFLINE_OPTION })
    .example('spindle plan', 'everything')
    .example("spindle plan -s 'stale and group:gold'", 'the stale ones of a group')
    .example('spindle plan --offline --json', 'from the record alone, as JSON');

export async function handler(args: ArgsOf<typeof builder>, context: CommandContext): Promise<ExitCode> {
  const { output } = context;
  const [{ openPipeline }, { planOf }, { printPlan, planJson }] = await Promise.all([
    import('../pipeline.ts'),
    import('../../runtime/run/plan-of.ts'),
    import('../plan-report.ts'),
  ]);
  const pipeline = await openPipeline(args, context, { parse: !args.offline });
  try {
    const run = args.offline ? await pipeline.startOffline() : await pipeline.start();
    if (!args.offline) {
      const { observe } = await import('../../runtime/run/observe.ts');
      await observe(run);
    }
    const plan = planOf(run);
    if (args.json) output.json(planJson(plan));
    else if (plan.assets.length === 0) output.print(`No asset answers to "${pipeline.selection}" now.`);
    else output.print(printPlan(run, plan, output.style));
    return EXIT.ok;
  } finally {
    await pipeline.close();
  }
}
