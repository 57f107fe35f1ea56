import { nodeOf } from './atom.ts';
import { worstOf, type Change, type ChangeClass } from './change.ts';
import type { JsonSchema } from './json-schema.ts';
import { quietChanges } from './quiet-changes.ts';
import type { ChangeKind } from './reason.ts';
import { shortfalls } from './shortfalls.ts';
import { schemaFingerprint } from './wire-json-schema.ts';

export interface SchemaComparison {
  readonly class: ChangeClass;
  /** Breaking ones first, then by path. */
  readonly changes: readonly Change[];
}

/** Kinds of which one sentence says both what was and what is. */
const ONE_SENTENCE: ReadonlySet<ChangeKind> = new Set(['type', 'format', 'pattern', 'alternative', 'discriminator', 'incomparable']);

/**
 * What a schema of records became. `breaking`: some record that the old one takes is refused by the new one. `widening`: none is, and some record
 * of the new one is refused by the old one. `compatible`: neither. Fields that a schema does not know are no part of this.
 */
export function compareSchemas(before: JsonSchema, after: JsonSchema): SchemaComparison {
  if (schemaFingerprint(before) === schemaFingerprint(after)) return { class: 'identical', changes: [] };
  const [old, now] = [nodeOf(before), nodeOf(after)];
  const breaking = shortfalls(old, now).map(({ path, kind, refuses }): Change => ({ path, kind, class: 'breaking', text: refuses }));
  const said = new Set(breaking.flatMap(({ path, kind }) => (ONE_SENTENCE.has(kind) ? [`${kind} ${path}`] : [])));
  const widening = shortfalls(now, old)
    .map(({ path, kind, allows }): Change => ({ path, kind, class: 'widening', text: allows }))
    .filter(({ path, kind }) => !said.has(`${kind} ${path}`));
  // a field that one of the others tells of is not told of again
  const told = new Set([...breaking, ...widening].map(({ path }) => path));
  const quiet = quietChanges(old, now).filter(({ path, kind }) => kind === 'documentation' || !told.has(path));
  const changes = distinct([...sorted(breaking), ...sorted(widening), ...sorted(quiet)]);
  return { class: worstOf(changes), changes };
}

/** Why records of the one schema may not be records of the other, as changes that break. */
export function misfits(given: JsonSchema, wanted: JsonSchema): readonly Change[] {
  return distinct(
    shortfalls(nodeOf(given), nodeOf(wanted)).map(({ path, kind, refuses }) => ({ path, kind, class: 'breaking', text: refuses })),
  );
}

const sorted = (changes: readonly Change[]): readonly Change[] =>
  changes.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));

function distinct(changes: readonly Change[]): readonly Change[] {
  const byText = new Map(changes.map((change) => [[change.path, change.kind, change.text].join('\n'), change]));
  return [...byText.values()];
}
