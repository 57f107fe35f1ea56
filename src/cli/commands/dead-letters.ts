import { SpindleError } from '../../runtime/errors.ts';
import type { ObjectStore } from '../../runtime/resource/object-store.ts';
import type { ArgsOf, CommandContext, CommandParser } from '../command.ts';
import { ENVIRONMENT_OPTION, SELECT_OPTION, STALENESS_OPTIONS } from '../common-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { isoInstant, wholeNumber } from '../option-values.ts';

const ACTIONS = ['list', 'show', 'replay'] as const;

export const command = 'dead-letters [action] [record]';
export const describe = 'Show the records that were set aside, or replay those that pass by now';

export const builder = (yargs: CommandParser) =>
  yargs
    .positional('action', {
      choices: ACTIONS,
      default: 'list' as const,
      describe: 'list: how many there are, and why; show: everything about one; replay: turn those that pass now into rows',
    })
    .positional('record', { type: 'string', describe: 'For show: <topic>/<partition>/<offset>' })
    .options({ ...SELECT_OPTION, ...ENVIRONMENT_OPTION })
    .option('topic', { type: 'string', requiresArg: true, describe: 'Of this topic: its name, its asset, or the asset that lands it' })
    .option('partition', { ...wholeNumber('partition', 0, 'Of this partition of the topic'), alias: 'p' })
    .option('reason', { type: 'string', requiresArg: true, describe: 'With this text in a reason, in any case' })
    .option('since', isoInstant('since', 'Recorded at that instant or later, such as 2026-01-31T08:00:00Z'))
    .option('records', { type: 'boolean', default: false, describe: 'list: each record, in place of how many have each reason' })
    .option('limit', { ...wholeNumber('limit', 1, 'list: lines; all reasons, and 20 records by default'), alias: 'n' })
    .option('dry-run', { type: 'boolean', default: false, describe: 'replay: count which pass now and which do not, and change nothing' })
    .option('yes', { type: 'boolean', alias: 'y', default: false, describe: 'replay: without asking' })
    .options(STALENESS_OPTIONS)
    .example('spindle dead-letters', 'how many records were set aside, by topic and reason')
    .example('spindle dead-letters list --records --reason "not JSON"', 'which ones are no JSON')
    .example('spindle dead-letters show clicks/0/17', 'its text, its reasons, and what the schema says of it now')
    .example('spindle dead-letters replay --dry-run', 'after a fix: which pass now, and which do not')
    .example('spindle dead-letters replay -s lake/clicks --yes', 'turn those of one landing into rows')
    .epilogue(
      'A replay writes the records that pass now into the lake, then materializes the tables that are loaded from it; one whose code or schema changed is rebuilt. It can be stopped or killed at any moment and run again: each record becomes a row once. Ends with 0 where all that was to be replayed is loaded.',
    );

type Arguments = ArgsOf<typeof builder>;

export async function handler(args: Arguments, context: CommandContext): Promise<ExitCode> {
  refuseMisplaced(args);
  const [{ openPipeline }, { letterSources }, { openLetters }] = await Promise.all([
    import('../pipeline.ts'),
    import('../dead-letters/letter-sources.ts'),
    import('../dead-letters/open-letters.ts'),
  ]);
  const { output, signal } = context;
  const { action, json, dryRun, yes, limit, project, env, select, now, config } = args;
  const name = action === 'show' ? (await import('../dead-letters/show.ts')).parseRecordName(args.record) : undefined;
  const pipeline = await openPipeline({ project, env, select, now, config }, context);
  try {
    const { environment, session } = pipeline;
    const selected = new Set(select === undefined ? session.graph.keys : await pipeline.select());
    const sources = letterSources(session.graph, { selected, topic: args.topic });
    const letters = await openLetters(sources, environment);
    const filter = { partition: args.partition, reason: args.reason, since: args.since };
    if (action === 'list') {
      const { listLetters, listReasons } = await import('../dead-letters/list.ts');
      const ofSources = select !== undefined || args.topic !== undefined;
      const report = await (args.records ? listLetters : listReasons)({ letters, filter, ofSources, limit, signal });
      if (json) output.json(report.json);
      else output.print(report.text(output.style));
      return EXIT.ok;
    }
    const lake = (await environment.open('lake')) as ObjectStore;
    if (name !== undefined) {
      const { showLetter } = await import('../dead-letters/show.ts');
      const report = await showLetter(name, { letters, lake, signal });
      if (json) output.json(report.json);
      else output.print(report.text(output.style));
      return EXIT.ok;
    }
    const [{ replayLetters }, { readFaults }] = await Promise.all([import('../dead-letters/replay.ts'), import('../fault-injection.ts')]);
    return await replayLetters({ pipeline, sources, letters, filter, lake, faults: readFaults(context.env), dryRun, yes, json }, context);
  } finally {
    await pipeline.close();
  }
}

/** Options and arguments that another action takes: USAGE, for nobody should think that they were heeded. */
function refuseMisplaced({ action, record, records, limit, dryRun, yes, ...filters }: Arguments): void {
  const filtered = (['select', 'topic', 'partition', 'reason', 'since'] as const).find((option) => filters[option] !== undefined);
  const misplaced = [
    { given: record !== undefined, name: `the argument "${record}"`, of: ['show'] },
    { given: records, name: '--records', of: ['list'] },
    { given: limit !== undefined, name: '--limit', of: ['list'] },
    { given: dryRun, name: '--dry-run', of: ['replay'] },
    { given: yes, name: '--yes', of: ['replay'] },
    { given: filtered !== undefined, name: `--${filtered}`, of: ['list', 'replay'] },
  ].find(({ given, of }) => given && !of.includes(action));
  if (misplaced === undefined) return;
  throw new SpindleError(
    'USAGE',
    `spindle dead-letters ${action} does not take ${misplaced.name}: that is for ${misplaced.of.join(' and ')}.`,
    {
      remedy: 'Run: spindle dead-letters --help',
    },
  );
}
