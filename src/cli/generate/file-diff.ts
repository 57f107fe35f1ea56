import { unixLines } from '../../codegen/file-state.ts';
import type { PlannedFile } from '../../codegen/plan-writes.ts';
import type { Style } from '../style.ts';

/** More changed lines than this are shown as one text in place of another: to look for the fewest would take minutes. */
const MOST_EDITS = 3000;

/** What would change in a file, as a unified diff without the last line break. */
export async function fileDiff({ path, found, wanted }: PlannedFile): Promise<string> {
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = await import('diff');
  const names = [found === undefined ? '/dev/null' : `a/${path}`, wanted === undefined ? '/dev/null' : `b/${path}`] as const;
  const texts = [found === undefined ? '' : unixLines(found), wanted ?? ''] as const;
  const options = { context: 3, headerOptions: FILE_HEADERS_ONLY };
  const patch = createTwoFilesPatch(...names, ...texts, undefined, undefined, { ...options, maxEditLength: MOST_EDITS });
  if (patch !== undefined) return patch.replace(/\n$/, '');
  const removed = createTwoFilesPatch(...names, texts[0], '', undefined, undefined, options);
  const added = createTwoFilesPatch(...names, '', texts[1], undefined, undefined, options)
    .split('\n')
    .slice(2)
    .join('\n');
  return `${removed}${added}`.replace(/\n$/, '');
}

/** The diff in the colors that are usual for one. */
export function colored(diff: string, style: Style): string {
  const color = (line: string, index: number): string => {
    if (index < 2) return style.bold(line);
    if (line.startsWith('@@')) return style.cyan(line);
    if (line.startsWith('+')) return style.green(line);
    return line.startsWith('-') ? style.red(line) : line;
  };
  return diff.split('\n').map(color).join('\n');
}
