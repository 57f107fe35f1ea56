import type { Terminal } from '../../src/cli/status-area.ts';

/** A terminal that knows what a person sees: the escape sequences that a status area uses, and lines that are broken at its width. */
export interface FakeTerminal extends Terminal {
  columns: number;
  rows: number;
  readonly isTTY: true;
  /** Everything written, as it was written. */
  readonly written: string[];
  /** The lines from the top of the scroll-back to the cursor. */
  screen(): readonly string[];
}

// oxlint-disable-next-line no-control-regex -- what a terminal understands
const TOKEN = /\u001b\[(\d*)([A-Zm])|\u001b\[\d+m|\r|\n|[^\u001b\r\n]/gu;

export function fakeTerminal(columns = 80, rows = 24): FakeTerminal {
  const written: string[] = [];
  let lines: string[][] = [[]];
  let [row, column] = [0, 0];
  const moveTo = (next: number) => {
    row = next;
    while (lines.length <= row) lines.push([]);
  };
  const terminal: FakeTerminal = {
    columns,
    rows,
    isTTY: true,
    written,
    screen: () => lines.map((line) => line.join('').trimEnd()).slice(0, lines.length - (lines.at(-1)?.length === 0 ? 1 : 0)),
    write(text) {
      written.push(text);
      for (const [token, count, command] of text.matchAll(TOKEN)) {
        if (command === 'm') continue;
        if (command === 'A') moveTo(Math.max(0, row - Number(count)));
        else if (command === 'J') {
          lines = lines.slice(0, row + 1);
          lines[row] = lines[row]!.slice(0, column);
        } else if (token === '\r') column = 0;
        else if (token === '\n') {
          moveTo(row + 1);
          column = 0;
        } else {
          if (column === terminal.columns) {
            moveTo(row + 1);
            column = 0;
          }
          lines[row]![column] = token;
          column += 1;
        }
      }
      return true;
    },
  };
  return terminal;
}
