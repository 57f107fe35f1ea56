import { SpindleError } from '../../runtime/errors.ts';

const READING: ReadonlySet<string> = new Set([
  'SELECT',
  'WITH',
  'FROM',
  'VALUES',
  'TABLE',
  'PIVOT',
  'UNPIVOT',
  'SHOW',
  'LIST',
  'DESCRIBE',
  'DESC',
  'SUMMARIZE',
  'EXPLAIN',
  'PRAGMA',
]);

/** Strings, quoted names and comments: whatever may hold a keyword or a semicolon that means nothing. */
const OPAQUE = /\be'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$\w*\$).*?\1|--[^\n]*|\/\*.*?\*\//gis;
/** How a statement that begins with WITH may write all the same. */
const WRITING = /\b(?:insert\s+(?:or\s+\w+\s+)?into|delete\s+from|merge\s+into|update\s+[^\s()]+(?:\s+(?:as\s+)?\w+)?\s+set)\b/i;
/** EXPLAIN ANALYZE runs what it explains; Snowflake's USING names a format. */
const EXPLAINED = /^explain\s*(?:analyze\b|using\s+\w+|\([^)]*\))?\s*/i;

/** A guard against slips, by keywords: USAGE where one of the statements may write. No access control: functions of a SELECT are not looked at. */
export function requireReadOnly(sql: string): void {
  const statements = sql.replace(OPAQUE, (text) => (/^['"$e]/i.test(text) ? ' x ' : ' ')).split(';');
  const writing = statements
    .map((statement) => statement.replace(/^[\s(]+/, ''))
    .find((statement) => statement !== '' && !reads(statement));
  if (writing === undefined) return;
  const [word = ''] = /^\w*/.exec(writing) ?? [];
  throw new SpindleError('USAGE', `The statement (${word.toUpperCase()} …) may write, and query only reads.`, {
    field: '--write',
    remedy: 'Add --write where that is meant: spindle query --write "…"',
  });
}

function reads(statement: string): boolean {
  const explained = statement.replace(EXPLAINED, '').replace(/^[\s(]+/, '');
  const [word = ''] = /^\w*/.exec(explained) ?? [];
  if (word.toUpperCase() === 'PRAGMA') return /^pragma\s+table_info\b/i.test(explained);
  return READING.has(word.toUpperCase()) && !WRITING.test(explained);
}
