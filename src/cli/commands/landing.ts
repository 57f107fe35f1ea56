import { SpindleError } from '../../runtime/errors.ts';
import type { Broker } from '../../runtime/resource/broker.ts';
import type { ObjectStore } from '../../runtime/resource/object-store.ts';
import type { ArgsOf, CommandContext, CommandParser } from '../command.ts';
import { ENVIRONMENT_OPTION } from '../common-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Landing } from '../landing/landings.ts';

const ACTIONS = ['status', 'restart'] as const;

export const command = 'landing [action] [topic]';
export const describe = 'Show how far topics are landed, or begin anew after a topic was re-created';

export const builder = (yargs: CommandParser) =>
  yargs
    .positional('action', {
      choices: ACTIONS,
      default: 'status' as const,
      describe: 'status: how far each partition is landed; restart: begin the next incarnation of a chain',
    })
    .positional('topic', { type: 'string', describe: 'A topic, the key of its asset, or the key of the asset that lands it' })
    .options(ENVIRONMENT_OPTION)
    .option('yes', { type: 'boolean', alias: 'y', default: false, describe: 'Restart without asking' })
    .example('spindle landing', 'the end of each chain, the end at the broker, and the lag')
    .example(
      'spindle landing restart listening_events',
      'after the topic was created anew: land it from its start, beside what was landed before',
    )
    .epilogue(
      'A restart touches nothing that was landed. It is needed only where landing stops with TOPIC_RECREATED or OFFSET_OUT_OF_RANGE.',
    );

export async function handler(args: ArgsOf<typeof builder>, context: CommandContext): Promise<ExitCode> {
  if (args.action === 'restart' && args.topic === undefined)
    throw new SpindleError('USAGE', 'Which topic is to be landed anew?', { remedy: 'Run: spindle landing restart <topic>' });
  const [{ openPipeline }, { landingsOf, findLandings }] = await Promise.all([import('../pipeline.ts'), import('../landing/landings.ts')]);
  const pipeline = await openPipeline({ project: args.project, env: args.env }, context);
  try {
    const { graph } = pipeline.session;
    const landings = args.topic === undefined ? landingsOf(graph) : findLandings(graph, args.topic);
    const lake = (await pipeline.environment.open('lake')) as ObjectStore;
    if (args.action === 'restart') return await restart(landings, lake, { args, context });
    const { landingStatus, landingStatusText } = await import('../landing/status.ts');
    const broker = (await pipeline.environment.open('broker')) as Broker;
    const { output, signal } = context;
    const partitions = (await Promise.all(landings.map((landing) => landingStatus(landing, { broker, lake, signal })))).flat();
    if (args.json) output.json(partitions);
    else output.print(landingStatusText(landings, partitions, output.style));
    return EXIT.ok;
  } finally {
    await pipeline.close();
  }
}

interface Restart {
  readonly args: ArgsOf<typeof builder>;
  readonly context: CommandContext;
}

async function restart(landings: readonly Landing[], lake: ObjectStore, { args, context }: Restart): Promise<ExitCode> {
  const { output, signal } = context;
  const names = landings.map(({ asset }) => asset).join(' and ');
  if (!args.yes) {
    const { confirm } = await import('../confirm.ts');
    const question = `Begin the next incarnation of ${names}? Every record that the topic holds now is landed, from its first offset on.`;
    if (!(await confirm(question, signal))) {
      output.notice('Nothing was changed.');
      return EXIT.failed;
    }
  }
  const { beginNextIncarnation } = await import('../../runtime/landing/incarnation.ts');
  const begun = [];
  for (const { asset, topic, prefix, compression } of landings) {
    const { incarnation } = await beginNextIncarnation({ lake, prefix, topic, compression });
    begun.push({ asset, topic, incarnation });
  }
  if (args.json) output.json(begun);
  else
    for (const { asset, topic, incarnation } of begun)
      output.print(
        `${asset}: incarnation ${incarnation} of ${topic} has begun. Land the topic from its start: spindle materialize --force --select ${asset}`,
      );
  return EXIT.ok;
}
