import { shellWord } from '../../runtime/shell-word.ts';
import { formatCount } from '../format.ts';
import type { Style } from '../style.ts';
import { table } from '../table.ts';
import type { Against } from './base.ts';
import type { ConcerningChange, DiffPart, DiffReport } from './report.ts';

interface Line extends ConcerningChange {
  readonly part: DiffPart;
  readonly concerned: string;
}

const COLUMNS = [
  { title: 'of', text: ({ part }: Line) => part.name },
  { title: 'class', text: (line: Line) => line.class },
  { title: 'where', text: ({ part, path }: Line) => (path === '' ? WHOLE[part.kind] : path) },
  { title: 'what', text: ({ text }: Line) => text },
  { title: 'concerns', text: ({ concerned }: Line) => concerned },
] as const;

const WHOLE: Readonly<Record<DiffPart['kind'], string>> = {
  topic: '(record)',
  landing: '(record)',
  table: '(table)',
  model: '(model)',
};

/** What changed as a table, then what did not, then what a breaking change means. `accept` is the command that publishes it, where it can be. */
export function diffText(report: DiffReport, { style, accept }: { readonly style: Style; readonly accept: string | undefined }): string {
  const { parts, against } = report;
  const lines = parts.flatMap(linesOf);
  const nothing =
    against.kind === 'published' ? 'There is no topic among these assets.' : 'There is no topic and no table among these assets.';
  return [
    ...(parts.length === 0 ? [nothing] : []),
    ...(lines.length === 0 ? [] : [table(COLUMNS, lines, style.bold)]),
    ...parts.flatMap(nextLines),
    ...parts.filter(({ changes }) => changes.length === 0).flatMap((part) => quietLine(part, against)),
    ...report.gone.map((topic) => goneLine(topic, against)),
    ...consequences(report, accept),
  ].join('\n');
}

/** Long lists of assets are mostly the same for all changes of a part: each is written once. */
function linesOf(part: DiffPart): readonly Line[] {
  const lists = part.changes.map(({ assets, tests = [] }) => [...assets, ...tests].join(', ') || '-');
  return part.changes.map((change, index) => {
    const list = lists[index] ?? '';
    return { ...change, part, concerned: list.includes(', ') && list === lists[index - 1] ? 'as above' : list };
  });
}

/** What the next run does with a table that changed. */
function nextLines({ name, asset, next }: DiffPart): readonly string[] {
  switch (next?.kind) {
    case undefined:
    case 'same':
      return [];
    case 'anew':
      return [`${name}: the next run writes it anew.`];
    case 'foreign':
      return [`${name}: something else writes it, and has to make the same change.`];
    case 'rebuild':
      return [
        `${name}: the next run refuses it, for ${next.reasons.join('; ')}. To delete and load it again: spindle materialize --select ${shellWord(asset)} --full-refresh`,
      ];
    case 'alter': {
      const statements = next.statements.filter(({ sql }) => sql.length > 0);
      return [
        `${name}: the next run alters it, and keeps its rows:`,
        ...statements.flatMap(({ dialect, sql }) => [
          ...(statements.length > 1 ? [`  -- ${dialect}`] : []),
          ...sql.map((one) => `  ${one};`),
        ]),
      ];
    }
  }
}

function quietLine({ kind, name, version, ...part }: DiffPart, against: Against): readonly string[] {
  // what did not change is told of topics alone: tables are many
  if (kind === 'landing' || (kind !== 'topic' && part.class !== 'new')) return [];
  switch (against.kind) {
    case 'published':
      return [`${name}: ${part.class === 'new' ? 'not published yet' : `as published (version ${version})`}.`];
    case 'file':
      return [`${name}: ${part.class === 'new' ? 'not in the file yet' : 'as in the file'}.`];
    case 'commit':
      return [`${name}: ${part.class === 'new' ? 'new since' : 'as at'} ${against.name}.`];
  }
}

function goneLine(topic: string, against: Against): string {
  switch (against.kind) {
    case 'published':
      return `${topic}: published by this project, and no longer declared.`;
    case 'file':
      return `${topic}: in the file, and no longer declared.`;
    case 'commit':
      return `${topic}: declared at ${against.name}, and no longer.`;
  }
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
