import { planWrites, type PlannedFile } from '../../codegen/plan-writes.ts';
import type { CommandContext } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { openSession } from '../session.ts';
import { callOf } from './call.ts';
import { colored, fileDiff } from './file-diff.ts';
import { findFiles } from './found-files.ts';
import type { GeneratorEntry } from './generators.ts';
import { writeFiles } from './write-files.ts';

export interface GenerateArguments {
  readonly project?: string | undefined;
  readonly json: boolean;
  readonly check: boolean;
  readonly force: boolean;
}

/** Generates, then writes the files, or only compares them. `args` holds the options of the generator as well. */
export async function runGenerate(entry: GeneratorEntry, args: GenerateArguments, { cwd, output }: CommandContext): Promise<ExitCode> {
  const [session, generate] = await Promise.all([openSession(cwd, args.project), entry.load()]);
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
  const planned = planWrites({ wanted: files, found, owner, force: args.force });
  if (args.check) return check({ planned, notes, generator: entry.name, called }, args, output);

  writeFiles(session.root, planned, called);
  const rows = planned.map(({ path, action }) => ({ path, state: DONE[action] }));
  if (args.json) {
    output.json({ generator: entry.name, files: rows, drift: false, notes });
    return EXIT.ok;
  }
  const { table } = await import('../table.ts');
  const columns = [
    { title: 'file', text: ({ path }: (typeof rows)[number]) => path },
    { title: 'state', text: ({ state }: (typeof rows)[number]) => state },
  ];
  if (rows.length > 0) output.print(table(columns, rows, output.style.bold));
  else output.print('There is nothing to generate.');
  for (const note of notes) output.print(note);
  return EXIT.ok;
}

/** What became of a file. Where one is refused, nothing became of any. */
const DONE = { keep: 'same', write: 'written', remove: 'removed', refuse: 'refused' } as const satisfies Record<
  PlannedFile['action'],
  string
>;

interface Comparison {
  readonly generator: string;
  readonly planned: readonly PlannedFile[];
  readonly notes: readonly string[];
  /** The command that writes the files. */
  readonly called: string;
}

async function check(
  { generator, planned, notes, called }: Comparison,
  { json }: GenerateArguments,
  output: CommandContext['output'],
): Promise<ExitCode> {
  const files = await Promise.all(
    planned.map(async (file) => ({
      path: file.path,
      state: file.state,
      ...(file.state !== 'same' && { diff: await fileDiff(file) }),
    })),
  );
  const differing = files.filter(({ state }) => state !== 'same');
  const drift = differing.length > 0;
  if (json) output.json({ generator, files, drift, notes });
  else if (drift) {
    for (const { diff = '' } of differing) output.print(colored(diff, output.style));
    output.print(driftLine(differing, called));
  } else output.print(`${files.length === 1 ? '1 file is' : `${files.length} files are`} as generated.`);
  return drift ? EXIT.drift : EXIT.ok;
}

function driftLine(differing: readonly { readonly path: string; readonly state: PlannedFile['state'] }[], command: string): string {
  const count = differing.length === 1 ? '1 file differs' : `${differing.length} files differ`;
  const others = differing.filter(({ state }) => state === 'edited' || state === 'foreign').map(({ path }) => path);
  return others.length === 0
    ? `${count} from what is generated. Run: ${command}`
    : `${count} from what is generated. Not as Spindle wrote them: ${others.join(', ')}. Move what was edited to the project, then run: ${command} --force`;
}
