import { SpindleError } from '../../runtime/errors.ts';
import type { Broker } from '../../runtime/resource/broker.ts';
import type { ArgsOf, CommandContext, CommandParser } from '../command.ts';
import { ENVIRONMENT_OPTION } from '../common-options.ts';
import type { Base } from '../diff/base.ts';
import type { DiffInput, DiffReport } from '../diff/report.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';

export const command = 'diff [selection]';
export const describe = 'Show how the schemas of topics and tables changed, and what that breaks';

export const builder = (yargs: CommandParser) =>
  yargs
    .positional('selection', { type: 'string', describe: 'The assets that are compared; all of them without it' })
    .options(ENVIRONMENT_OPTION)
    .option('against', {
      type: 'string',
      requiresArg: true,
      describe: 'Compare with a commit, a branch or a tag of git, or with a file, in place of what is published',
    })
    .option('write', { type: 'string', requiresArg: true, describe: 'Write the schemas as they are declared to this file' })
    .option('accept', { type: 'boolean', default: false, describe: 'Publish changes that break, on purpose' })
    .option('yes', { type: 'boolean', alias: 'y', default: false, describe: 'Accept without asking' })
    .example('spindle diff --env production', 'what a deployment of this project would change')
    .example('spindle diff --against main', 'what this branch changes, tables and contracts of dbt included')
    .example('spindle diff --write schemas.json', 'keep the schemas in a file, for a place without a broker')
    .example('spindle diff --against schemas.json', 'compare with that file, in CI')
    .example('spindle diff stream/plays --accept', 'publish a breaking change of one topic')
    .epilogue('Ends with 3 where a change is breaking. Changes that are not are published by the next run that writes the topic.');

type Arguments = ArgsOf<typeof builder>;

export async function handler(args: Arguments, context: CommandContext): Promise<ExitCode> {
  refuseMisplaced(args);
  if (args.write !== undefined || args.against !== undefined) return withoutBroker(args, context);
  const [{ openPipeline }, { readAllPublished }] = await Promise.all([
    import('../pipeline.ts'),
    import('../../runtime/schema/evolution/published-schemas.ts'),
  ]);
  const { output, signal } = context;
  const { project: path, env, selection, json } = args;
  const pipeline = await openPipeline({ project: path, env, select: selection }, context);
  try {
    const { session, environment } = pipeline;
    const input = await inputOf(session, environment.name, selection === undefined ? undefined : await pipeline.select());
    await noteOutdated(input, context);
    const broker = (await environment.open('broker')) as Broker;
    const compare = async () => {
      const topics = await readAllPublished({ broker, signal });
      return diffOf(input, { against: { kind: 'published' }, topics, tables: undefined, models: undefined });
    };
    const report = await compare();
    const { accept, acceptCommand, breakingTopics } = await import('../diff/accept.ts');
    const topics = breakingTopics(report, input.topics);
    if (!args.accept || topics.length === 0) {
      const accepting = topics.length === 0 ? undefined : acceptCommand(selection);
      if (json) output.json(report);
      else await printReport(report, accepting, context);
      return exitOf(report);
    }
    if (!json) await printReport(report, undefined, context);
    const accepted = await accept({ topics, project: session.project.name, broker, environment: environment.name, yes: args.yes }, context);
    if (accepted === undefined) {
      output.notice('Nothing was published.');
      return EXIT.failed;
    }
    const after = await compare();
    if (json) output.json({ ...after, accepted });
    else for (const { topic, version } of accepted) output.print(`${topic}: version ${version} is published.`);
    return exitOf(after);
  } finally {
    await pipeline.close();
  }
}

const exitOf = ({ breaking }: DiffReport): ExitCode => (breaking > 0 ? EXIT.drift : EXIT.ok);

/** Without a broker: nothing of an environment is opened. */
async function withoutBroker(
  { project: path, env, selection, json, write, against = '' }: Arguments,
  context: CommandContext,
): Promise<ExitCode> {
  const { selectAssets } = await import('../select-assets.ts');
  const { graph, project, keys } = await selectAssets({ project: path, env, select: selection }, context);
  const input = await inputOf({ graph, project }, env, selection === undefined ? undefined : keys);
  await noteOutdated(input, context);
  if (write !== undefined) return writeSchemas(input, { write, json }, context);
  const { readBase } = await import('../diff/read-base.ts');
  const base = await readBase(against, path, context);
  if (base.tables === undefined) context.output.notice(`${against} holds topics alone, and no tables: write it anew to compare them too.`);
  const report = await diffOf(input, base);
  if (json) context.output.json(report);
  else await printReport(report, undefined, context);
  return exitOf(report);
}

async function writeSchemas(
  input: DiffInput,
  { write, json }: { readonly write: string; readonly json: boolean },
  { cwd, output }: CommandContext,
): Promise<ExitCode> {
  const { writeSchemaFile } = await import('../diff/schema-file.ts');
  writeSchemaFile({ cwd, path: write }, { ...input, project: input.project.name });
  const topics = input.topics.map(({ topic }) => topic);
  const tables = input.tables.map(({ name }) => name);
  const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
  if (json) output.json({ file: write, topics, tables });
  else output.print(`${write} holds the schemas of ${counted(topics.length, 'topic')} and ${counted(tables.length, 'table')}.`);
  return EXIT.ok;
}

async function inputOf(
  { graph, project }: Pick<DiffInput, 'graph' | 'project'>,
  environment: string | undefined,
  keys: readonly string[] | undefined,
): Promise<DiffInput> {
  const [{ declaredLandings, declaredTopics }, { declaredTables }, { declaredModels }] = await Promise.all([
    import('../diff/declared-schemas.ts'),
    import('../diff/declared-tables.ts'),
    import('../diff/declared-models.ts'),
  ]);
  const selected = new Set(keys ?? graph.keys);
  return {
    graph,
    project,
    environment,
    topics: declaredTopics(graph, selected),
    landings: declaredLandings(graph, selected),
    tables: declaredTables(graph, selected),
    models: await declaredModels(graph, selected),
    isWhole: keys === undefined,
  };
}

/** Contracts, and who reads what changed, are those of the committed manifests. */
async function noteOutdated({ graph }: DiffInput, { cwd, output }: CommandContext): Promise<void> {
  const { outdatedManifests } = await import('../outdated-manifests.ts');
  for (const note of await outdatedManifests(graph, cwd)) output.notice(note);
}

async function diffOf(input: DiffInput, base: Base): Promise<DiffReport> {
  const { diffReport } = await import('../diff/report.ts');
  return diffReport(input, base);
}

async function printReport(report: DiffReport, accepting: string | undefined, { output }: CommandContext): Promise<void> {
  const { diffText } = await import('../diff/report-text.ts');
  output.print(diffText(report, { style: output.style, accept: accepting }));
}

/** Options that do not go together: USAGE, for nobody should think that they were heeded. */
function refuseMisplaced({ write, against, accept, yes, selection }: Arguments): void {
  const refuse = (what: string, remedy: string) => {
    throw new SpindleError('USAGE', what, { remedy });
  };
  if (write !== undefined && against !== undefined) refuse('--write and --against do not go together.', 'Compare first, then write.');
  if (write !== undefined && selection !== undefined) refuse('--write writes all schemas, not some.', `Leave out "${selection}".`);
  if (accept && (write !== undefined || against !== undefined))
    refuse(
      '--accept publishes in an environment, and a file or a commit is none.',
      'Accept without --against and --write; then write the file anew.',
    );
  if (yes && !accept) refuse('--yes confirms --accept.', 'Add --accept, or leave out --yes.');
}
