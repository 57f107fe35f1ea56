import { SpindleError } from '../../runtime/errors.ts';
import type { ArgsOf, CommandContext, CommandParser } from '../command.ts';
import { ENVIRONMENT_OPTION, OFFLINE_OPTION, PARTITION_OPTION, STALENESS_OPTIONS } from '../common-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';

export const command = 'explain [asset]';
export const describe = 'Say why an asset is stale or fresh, or why a condition fires or does not';

export const builder = (yargs: CommandParser) =>
  yargs
    .positional('asset', { type: 'string', describe: 'The key of the asset' })
    .option('automation', { type: 'boolean', default: false, describe: 'Say why its condition fires now or does not, and when it may' })
    .option('job', { type: 'string', alias: 'j', requiresArg: true, describe: 'In place of an asset: say it of the condition of a job' })
    .options({ ...PARTITION_OPTION, ...ENVIRONMENT_OPTION, ...STALENESS_OPTIONS, ...OFFLINE_OPTION })
    .example('spindle explain gold/top_songs', 'its versions, its inputs, its checks, and what follows from them')
    .example('spindle explain gold/daily_digest -p 2026-01-31', 'one partition')
    .example('spindle explain gold/top_songs --offline', 'from the record alone')
    .example('spindle explain gold/top_songs --automation', 'its condition, part by part')
    .example('spindle explain --job pipeline', 'when a job runs next, and why not now');

export async function handler(args: ArgsOf<typeof builder>, context: CommandContext): Promise<ExitCode> {
  const { output } = context;
  if (args.automation || args.job !== undefined) {
    const { explainSubject } = await import('../explain/explain-subject.ts');
    return explainSubject(args, context);
  }
  if (args.asset === undefined)
    throw new SpindleError('USAGE', 'Which asset?', { remedy: 'Name one: spindle explain KEY. Or a job: spindle explain --job NAME.' });
  const [{ openPipeline }, { requirePartition }, { explainAsset }] = await Promise.all([
    import('../pipeline.ts'),
    import('../require-partition.ts'),
    import('../explain/explanation.ts'),
  ]);
  const { partition, job: _job, ...others } = args;
  const pipeline = await openPipeline(others, context, { parse: !args.offline });
  try {
    const { graph } = pipeline.session;
    const asset = graph.get(args.asset);
    if (partition !== undefined) requirePartition(graph, [asset.key], { key: partition });
    // What it depends on is planned too: whether an input runs first decides as much as the input's version does.
    const keys = graph.keys.filter((key) => key === asset.key || graph.ancestors(asset.key).has(key));
    const run = args.offline ? await pipeline.startOffline({ keys }) : await pipeline.start({ keys });
    if (!args.offline) {
      const { observe } = await import('../../runtime/run/observe.ts');
      await observe(run);
    }
    const explanation = explainAsset(run, asset, partition);
    if (args.json) output.json(explanation);
    else {
      const { explanationText } = await import('../explain/explanation-text.ts');
      output.print(explanationText(explanation, output.style));
    }
    return EXIT.ok;
  } finally {
    await pipeline.close();
  }
}
