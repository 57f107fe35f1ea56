import type { LoadFile, TableLoad } from '../../runtime/resource/warehouse.ts';
import type { DeadLetter } from '../../runtime/schema/dead-letter.ts';
import { setAside } from '../../runtime/schema/set-aside.ts';
import { fileLines, LONGEST_LINE, unreadableFile, REPLACED } from '../../runtime/store/file-lines.ts';
import type { Line } from '../../runtime/store/lines.ts';
import { readAhead } from './read-ahead.ts';

/** A dead letter holds its line up to so many bytes. */
const LONGEST_LETTER = 1 << 20;

export interface GoodLine {
  /** From 1 on. */
  readonly number: number;
  /** A row as a text of JSON. */
  readonly row: string;
}

/** Some lines of a file, judged. */
export interface FilePart {
  readonly file: LoadFile;
  readonly good: readonly GoodLine[];
  readonly letters: readonly DeadLetter[];
}

type Reading = Pick<TableLoad, 'lake' | 'table' | 'loadedAt' | 'signal'>;

/** The lines of the files, one file after the other, each read once and in parts: no file has to fit into memory. OBJECT_UNREADABLE. */
export async function* readFiles(load: Reading, files: readonly LoadFile[]): AsyncIterable<FilePart> {
  const bytesOf = readAhead(load, files);
  for (const [index, file] of files.entries()) {
    for await (const lines of linesOf(load, file, bytesOf(index))) {
      const good: GoodLine[] = [];
      const letters: DeadLetter[] = [];
      for (const line of lines) {
        const judged = line.bytes === undefined ? { reasons: [] } : file.lines.judge(line.bytes);
        if ('row' in judged) good.push({ number: line.number, row: judged.row });
        else letters.push(letterOf(load, file, { line, reasons: judged.reasons }));
      }
      yield { file, good, letters };
    }
  }
}

/** Lines of a file that were good, as dead letters, for the warehouse did not take them: `reasons` are by their numbers. OBJECT_UNREADABLE, also where the file has them no more. */
export async function* refusedLines(
  load: Reading,
  file: LoadFile,
  reasons: ReadonlyMap<number, string>,
): AsyncIterable<readonly DeadLetter[]> {
  let found = 0;
  for await (const lines of linesOf(load, file, load.lake.read(file.key, load.signal && { signal: load.signal }))) {
    const letters: DeadLetter[] = [];
    for (const line of lines) {
      const reason = reasons.get(line.number);
      if (reason !== undefined) letters.push(letterOf(load, file, { line, reasons: [reason] }));
    }
    found += letters.length;
    if (letters.length > 0) yield letters;
  }
  if (found < reasons.size) throw unreadableFile(file.key, REPLACED);
}

const linesOf = ({ signal }: Reading, { key, lines: { compression } }: LoadFile, bytes: AsyncIterable<Uint8Array>) =>
  fileLines({ key, compression, bytes, signal });

function letterOf(
  { table, loadedAt }: Reading,
  { key, lines: { origin } }: LoadFile,
  { line, reasons }: { readonly line: Line; readonly reasons: readonly string[] },
): DeadLetter {
  const { number, size, bytes } = line;
  const kept = bytes !== undefined && size <= LONGEST_LETTER ? bytes : null;
  const more = bytes === undefined ? [`the line has ${size} bytes, and no more than ${LONGEST_LINE} are taken`] : [];
  const left = kept === null && bytes !== undefined ? [`the line has ${size} bytes, and is not kept here`] : [];
  return {
    topic: origin,
    partition: 0,
    offset: number,
    recorded_at: loadedAt,
    ...setAside(kept, [...reasons, ...more, ...left]),
    object: key,
    for_table: table.name,
    loaded_at: loadedAt,
  };
}
