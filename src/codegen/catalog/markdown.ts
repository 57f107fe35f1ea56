import { visible } from '../../runtime/graph/render/model.ts';

/** Text of any kind as plain text on one line, which is also one cell of a table: nothing in it is Markdown or HTML. */
export function plain(text: string): string {
  return visible(text.replaceAll(/\s+/g, ' ').trim())
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*[\]|~$!]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, String.raw`\$&`)
    .replace(/^([-+=#]|\d+[.)])/, escapedStart);
}

/** What begins a heading, a list or a line under a heading, where a line begins with it. */
const escapedStart = (start: string): string => (/^\d/.test(start) ? `${start.slice(0, -1)}\\${start.at(-1)}` : `\\${start}`);

/** A name or a value as code, on one line. */
export function code(text: string): string {
  const shown = visible(text.replaceAll(/[\r\n\t]+/g, ' '));
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = shown === '' || /^[ `]|[ `]$/.test(shown) ? ' ' : '';
  return `${fence}${pad}${shown.replaceAll('|', String.raw`\|`)}${pad}${fence}`;
}

/** A table whose cells are Markdown already; columns in which no row has anything are left out. Empty without rows. */
export function markdownTable<Row>(
  columns: readonly (readonly [title: string, cell: (row: Row) => string])[],
  rows: readonly Row[],
): readonly string[] {
  if (rows.length === 0) return [];
  const [first] = columns;
  const shown = columns.filter((column) => column === first || rows.some((row) => column[1](row) !== ''));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(shown.map(([title]) => title)),
    line(shown.map(() => '---')),
    ...rows.map((row) => line(shown.map(([, cell]) => cell(row)))),
    '',
  ];
}

/** The anchors that a page's headings get, in their order: as GitHub makes them, which numbers equal ones. */
export function anchorsOf(headings: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return headings.map((heading) => {
    const slug = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let count = 1; taken.has(anchor); count += 1) anchor = `${slug}-${count}`;
    taken.add(anchor);
    return anchor;
  });
}
