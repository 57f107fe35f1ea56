import { clipTo, displayWidth } from './display-width.ts';

/** What a status area needs of a terminal. */
export interface Terminal {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** Lines at the end of a terminal that change while everything else scrolls by above them. */
export interface StatusArea {
  /** Shows what `render` makes for the terminal's present size, in place of what was shown; no lines remove the area. Lines that are too long are clipped. */
  show(render: (size: TerminalSize) => readonly string[]): void;
  /** Writes something else on the same terminal, above the area. */
  above(write: () => void): void;
}

export function createStatusArea(terminal: Terminal): StatusArea {
  let shown: readonly string[] = [];
  const size = () => ({ columns: terminal.columns ?? 80, rows: terminal.rows ?? 24 });
  /** Moves to the first line and clears from there: a terminal that got narrower since has broken the lines into several. */
  const erase = (): string => {
    const { columns } = size();
    const rows = shown.reduce((sum, line) => sum + Math.max(1, Math.ceil(displayWidth(line) / columns)), 0);
    return rows === 0 ? '' : `\u001b[${rows}A\r\u001b[J`;
  };
  const text = () => shown.map((line) => `${line}\n`).join('');
  return {
    show(render) {
      const { columns, rows } = size();
      const erased = erase();
      // A line as wide as the terminal would make some of them break it, and more lines than it has could not be erased.
      shown = render({ columns, rows })
        .slice(0, Math.max(1, rows - 1))
        .map((line) => clipTo(line, columns - 1));
      const written = erased + text();
      if (written !== '') terminal.write(written);
    },
    above(write) {
      if (shown.length === 0) return write();
      terminal.write(erase());
      write();
      terminal.write(text());
    },
  };
}
