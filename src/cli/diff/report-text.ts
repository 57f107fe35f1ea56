import { formatCount } from '../format.ts';
import type { Style } from '../style.ts';
import { table } from '../table.ts';
import type { ConcerningChange, DiffPart, DiffReport } from './report.ts';

interface Line extends ConcerningChange {
  readonly part: DiffPart;
  readonly concerned: string;
}

const COLUMNS = [
  { title: 'of', text: ({ part }: Line) => part.name },
  { title: 'class', text: (line: Line) => line.class },
  { title: 'where', text: ({ path }: Line) => (path === '' ? '(record)' : path) },
  { title: 'what', text: ({ text }: Line) => text },
  { title: 'concerns', text: ({ concerned }: Line) => concerned },
] as const;

/** What changed as a table, then what did not, then what a breaking change means. `accept` is the command that publishes it, where it can be. */
export function diffText(report: DiffReport, { style, accept }: { readonly style: Style; readonly accept: string | undefined }): string {
  const lines = report.parts.flatMap(linesOf);
  return [
    ...(report.parts.length === 0 ? ['There is no topic among these assets.'] : []),
    ...(lines.length === 0 ? [] : [table(COLUMNS, lines, style.bold)]),
    ...report.parts.filter(({ changes }) => changes.length === 0).flatMap(quietLine),
    ...report.gone.map((topic) => `${topic}: published by this project, and no longer declared.`),
    ...consequences(report, accept),
  ].join('\n');
}

/** Long lists of assets are mostly the same for all changes of a part: each is written once. */
function linesOf(part: DiffPart): readonly Line[] {
  const lists = part.changes.map(({ assets }) => (assets.length === 0 ? '-' : assets.join(', ')));
  return part.changes.map((change, index) => {
    const list = lists[index] ?? '';
    return { ...change, part, concerned: change.assets.length > 1 && list === lists[index - 1] ? 'as above' : list };
  });
}

function quietLine({ kind, name, version, ...part }: DiffPart): readonly string[] {
  if (kind === 'landing') return [];
  if (part.class === 'new') return [`${name}: not published yet.`];
  return [`${name}: as ${version === null ? 'in the file' : `published (version ${version})`}.`];
}

function consequences({ parts, breaking }: DiffReport, accept: string | undefined): readonly string[] {
  if (breaking === 0) return [];
  const isBroken = (kind: DiffPart['kind']) => parts.some((part) => part.kind === kind && part.class === 'breaking');
  const count = breaking === 1 ? '1 change is breaking.' : `${formatCount(breaking)} changes are breaking.`;
  return [
    [
      count,
      ...(isBroken('topic') ? ['What writes the topic stops with SCHEMA_BREAKING before it produces a record.'] : []),
      ...(isBroken('landing') ? ['Records that a landing refuses become dead letters.'] : []),
      ...(accept === undefined ? [] : [`To publish it on purpose: ${accept}`]),
    ].join(' '),
  ];
}
