import { planWrites, type PlannedFile } from '../../codegen/plan-writes.ts';
import type { CommandContext } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { outdatedManifests } from '../outdated-manifests.ts';
import { openProject, openSession, type OpenProject, type Session } from '../session.ts';
import { callOf } from './call.ts';
import { colored, fileDiff } from './file-diff.ts';
import { findFiles } from './found-files.ts';
import type { GeneratorEntry } from './generators.ts';
import { doneWith, printDone } from './print-done.ts';
import { writeFiles } from './write-files.ts';

export interface GenerateArguments {
  readonly project?: string | undefined;
  readonly json: boolean;
  readonly check: boolean;
  readonly force: boolean;
}

/** What a generator makes, and what is to be done for it. */
export interface Comparison {
  readonly generator: string;
  readonly planned: readonly PlannedFile[];
  readonly notes: readonly string[];
  /** It was made from what is outdated: whether the files are those of the project is not known. */
  readonly isOutdated: boolean;
  /** The command that writes the files. */
  readonly called: string;
}

/** Generates, and compares with what is there; `args` holds the options of the generator as well. Writes nothing. */
export async function compare(session: Session, entry: GeneratorEntry, args: Omit<GenerateArguments, 'json'>): Promise<Comparison> {
  const generate = await entry.load();
  const own = args as GenerateArguments & Parameters<typeof generate>[1];
  const { files, owns, notes } = await generate(session, own);
  // What was called, without what only looks or overwrites.
  const called = callOf(entry.name, own as Readonly<Record<string, string | boolean | undefined>>, [
    'project',
    ...Object.keys(entry.options),
  ]);
  const found = findFiles(
    session.root,
    files.map(({ path }) => path),
    owns,
  );
  const owner = { generator: entry.name, project: session.project.name };
  const outdated = entry.tellsOfModels === true ? await outdatedManifests(session.graph, session.root) : [];
  const planned = planWrites({ wanted: files, found, owner, force: args.force });
  return { generator: entry.name, planned, notes: [...notes, ...outdated], isOutdated: outdated.length > 0, called };
}

/** Generates, then writes the files, or only compares them. `args` holds the options of the generator as well. */
export async function runGenerate(entry: GeneratorEntry, args: GenerateArguments, { cwd, output }: CommandContext): Promise<ExitCode> {
  // One without a graph is given none.
  const session =
    entry.withoutGraph === true ? ((await openProject(cwd, args.project)) as OpenProject as Session) : await openSession(cwd, args.project);
  const compared = await compare(session, entry, args);
  const { planned, notes, called } = compared;
  if (args.check) return check(compared, args, output);

  writeFiles(session.root, planned, called);
  const rows = planned.map(doneWith);
  if (args.json) {
    output.json({ generator: entry.name, files: rows, drift: false, notes });
    return EXIT.ok;
  }
  await printDone(rows, notes, output);
  return EXIT.ok;
}

async function check(
  { generator, planned, notes, isOutdated, called }: Comparison,
  { json }: GenerateArguments,
  output: CommandContext['output'],
): Promise<ExitCode> {
  const files = await differences(planned);
  const differing = files.filter(({ state }) => state !== 'same');
  const drift = differing.length > 0 || isOutdated;
  if (json) output.json({ generator, files, drift, notes });
  else {
    for (const { diff = '' } of differing) output.print(colored(diff, output.style));
    if (drift) for (const note of notes) output.print(note);
    output.print(differing.length > 0 ? driftLine(differing, called) : sameLine(files.length));
  }
  return drift ? EXIT.drift : EXIT.ok;
}

export const sameLine = (files: number): string => `${files === 1 ? '1 file is' : `${files} files are`} as generated.`;

interface Difference {
  readonly path: string;
  readonly state: PlannedFile['state'];
  /** Of a file that is not the same. */
  readonly diff?: string;
}

export function differences(planned: readonly PlannedFile[]): Promise<readonly Difference[]> {
  return Promise.all(
    planned.map(async (file) => ({
      path: file.path,
      state: file.state,
      ...(file.state !== 'same' && { diff: await fileDiff(file) }),
    })),
  );
}

/** That files differ, and what to do. */
export function driftLine(differing: readonly Pick<Difference, 'path' | 'state'>[], command: string): string {
  const count = differing.length === 1 ? '1 file differs' : `${differing.length} files differ`;
  const others = differing.filter(({ state }) => state === 'edited' || state === 'foreign').map(({ path }) => path);
  return others.length === 0
    ? `${count} from what is generated. Run: ${command}`
    : `${count} from what is generated. Not as Spindle wrote them: ${others.join(', ')}. Move what was edited to the project, then run: ${command} --force`;
}
