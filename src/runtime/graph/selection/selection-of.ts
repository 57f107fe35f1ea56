import { STATUSES } from './ast.ts';

/** What a selection would read as something else than a key. */
const WORDS: ReadonlySet<string> = new Set(['and', 'or', 'not', ...STATUSES]);

/** The selection of just these keys. */
export const selectionOf = (keys: readonly string[]): string => keys.map((key) => (WORDS.has(key) ? `"${key}"` : key)).join(' or ');
