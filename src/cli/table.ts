import { displayWidth, padTo } from './display-width.ts';

export interface TableColumn<T> {
  readonly title: string;
  readonly text: (row: T) => string;
  /** Numbers stand on the right. */
  readonly align?: 'left' | 'right';
}

/** Rows as lines of aligned columns under their titles, two spaces apart, without trailing spaces; the last column is as long as it is. */
export function table<T>(columns: readonly TableColumn<T>[], rows: readonly T[], title: (text: string) => string = (text) => text): string {
  const cells = rows.map((row) => columns.map(({ text }) => text(row).replaceAll(/\s*\n\s*/g, ' ')));
  const widths = columns.map((column, index) =>
    Math.max(displayWidth(column.title), ...cells.map((row) => displayWidth(row[index] ?? ''))),
  );
  const line = (texts: readonly string[]) =>
    texts
      .map((text, index) => padTo(text, widths[index] ?? 0, columns[index]?.align === 'right' ? 'left' : 'right'))
      .join('  ')
      .trimEnd();
  return [title(line(columns.map((column) => column.title))), ...cells.map(line)].join('\n');
}
