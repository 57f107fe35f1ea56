import type { ArgsOf, CommandContext, CommandParser } from '../command.ts';
import { ENVIRONMENT_OPTION, OFFLINE_OPTION, PARTITION_OPTION, STALENESS_OPTIONS } from '../common-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';

export const command = 'explain <asset>';
export const describe = 'Say why an asset is stale or fresh';

export const builder = (yargs: CommandParser) =>
  yargs
    .positional('asset', { type: 'string', demandOption: true, describe: 'The key of the asset' })
    .options({ ...PARTITION_OPTION, ...ENVIRONMENT_OPTION, ...STALENESS_OPTIONS, ...OFFLINE_OPTION })
    .example('spindle explain gold/top_songs', 'its versions, its inputs, its checks, and what follows from them')
    .example('spindle explain gold/daily_digest -p 2026-01-31', 'one partition')
    .example('spindle explain gold/top_songs --offline', 'from the record alone');

export async function handler(args: ArgsOf<typeof builder>, context: CommandContext): Promise<ExitCode> {
  const { output } = context;
  const [{ openPipeline, requirePartition }, { explainAsset }] = await Promise.all([
    import('../pipeline.ts'),
    import('../explain/explanation.ts'),
  ]);
  const { partition, ...others } = args;
  const pipeline = await openPipeline(others, context, { parse: !args.offline });
  try {
    const { graph } = pipeline.session;
    const asset = graph.get(args.asset);
    if (partition !== undefined) requirePartition(graph, [asset.key], partition);
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
