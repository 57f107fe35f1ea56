import type { PlannedFile } from '../../codegen/plan-writes.ts';
import type { Output } from '../output.ts';

/** What became of a file, and by which of several generators. */
export interface DoneFile {
  readonly generator?: string;
  readonly path: string;
  readonly state: (typeof DONE)[PlannedFile['action']];
}

/** Where one file is refused, nothing became of any. */
export const doneWith = ({ path, action }: PlannedFile): Omit<DoneFile, 'generator'> => ({ path, state: DONE[action] });

const DONE = { keep: 'same', write: 'written', remove: 'removed', refuse: 'refused' } as const satisfies Record<
  PlannedFile['action'],
  string
>;

/** As a table, with the notes under it. */
export async function printDone(
  files: readonly DoneFile[],
  notes: Iterable<string>,
  output: Pick<Output, 'print' | 'style'>,
): Promise<void> {
  const { table } = await import('../table.ts');
  const columns = [
    ...(files.some(({ generator }) => generator !== undefined)
      ? [{ title: 'generator', text: ({ generator = '' }: DoneFile) => generator }]
      : []),
    { title: 'file', text: ({ path }: DoneFile) => path },
    { title: 'state', text: ({ state }: DoneFile) => state },
  ];
  output.print(files.length === 0 ? 'There is nothing to generate.' : table(columns, files, output.style.bold));
  for (const note of notes) output.print(note);
}
