import { z } from 'zod';
import type { core } from 'zod';

/** The format of a text by zod's name of it, with the options that decide what it takes. */
export interface Format {
  readonly name: string;
  readonly options: Readonly<Record<string, string | number | boolean>>;
}

/** What zod knows of a schema and JSON Schema cannot say, or says in words that change with the version of zod. */
export interface Notes {
  /** In place of `format` and of the patterns that belong to formats. */
  readonly formats?: readonly Format[];
  /** All other patterns of a text that has a format or a pattern with flags, as `/…/i`. */
  readonly patterns?: readonly string[];
  /** Checks in code: refinements, and changes of a text such as `trim` before it is checked. */
  readonly checks?: number;
  /** Why more is taken than the schema says: `coerce`, `catch`, `preprocess`. */
  readonly lenient?: readonly string[];
  /** The type of zod that stands where JSON Schema has nothing. */
  readonly opaque?: string;
}

const MARK = 'spindle ';

/** As the text of a `$comment`, behind one that is there already. */
export function withNotes(comment: unknown, notes: Notes): string | undefined {
  const own = typeof comment === 'string' ? commentText(comment) : '';
  if (Object.keys(notes).length === 0) return own === '' ? undefined : own;
  return `${own === '' ? '' : `${own} `}${MARK}${JSON.stringify(notes)}`;
}

const commentText = (comment: string): string => comment.slice(0, noteStart(comment)).trimEnd();

function noteStart(comment: string): number {
  const at = comment.lastIndexOf(`${MARK}{`);
  return at === -1 ? comment.length : at;
}

const NotesSchema = z.object({
  formats: z
    .array(z.object({ name: z.string(), options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])) }))
    .optional(),
  patterns: z.array(z.string()).optional(),
  checks: z.int().optional(),
  lenient: z.array(z.string()).optional(),
  opaque: z.string().optional(),
});

/** The notes of a `$comment`; none where it is somebody else's. */
export function readNotes(comment: unknown): Notes {
  if (typeof comment !== 'string') return {};
  const text = comment.slice(noteStart(comment)).slice(MARK.length);
  const parsed = text === '' ? undefined : NotesSchema.safeParse(parseJson(text));
  return (parsed?.data ?? {}) as Notes;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a comment of somebody else's that happens to look like ours
  }
}

/** Types that JSON Schema has no words for. */
const OPAQUE = new Set(['bigint', 'date', 'symbol', 'undefined', 'void', 'nan', 'map', 'set', 'function', 'custom', 'transform', 'file']);

/** Checks that JSON Schema has words for, or that check nothing. All others are code. */
const SHOWN = new Set([
  'greater_than',
  'less_than',
  'multiple_of',
  'number_format',
  'bigint_format',
  'min_length',
  'max_length',
  'length_equals',
  'string_format',
  'describe',
  'meta',
]);

/** The notes of one schema, wrappers and contents apart. */
export function notesOf(schema: core.$ZodType): Notes {
  const { def } = (schema as core.$ZodTypes)._zod;
  const checks = (def.checks ?? []).map((check) => check._zod.def as { readonly check: string });
  const inCode = checks.filter(({ check }) => !SHOWN.has(check)).length + hiddenChecks(def);
  const lenient = leniences(def);
  return {
    ...(def.type === 'string' && textNotes([def, ...checks])),
    ...(inCode > 0 && { checks: inCode }),
    ...(lenient.length > 0 && { lenient }),
    ...((OPAQUE.has(def.type) || (def.type === 'literal' && def.values.includes(undefined))) && { opaque: def.type }),
  };
}

/** Of a pipe into a plain schema only the first is shown. A codec is taken to read whatever its first side allows. */
function hiddenChecks(def: core.$ZodTypes['_zod']['def']): number {
  if (def.type !== 'pipe') return 0;
  const type = (side: core.$ZodType) => (side as core.$ZodTypes)._zod.def.type;
  return 'transform' in def || type(def.in) === 'transform' || type(def.out) === 'transform' ? 0 : 1;
}

function leniences(def: core.$ZodTypes['_zod']['def']): readonly string[] {
  if ('coerce' in def && def.coerce === true) return ['coerce'];
  if (def.type === 'catch') return ['catch'];
  return def.type === 'pipe' && (def.in as core.$ZodTypes)._zod.def.type === 'transform' ? ['preprocess'] : [];
}

/** Formats that are nothing but their pattern. */
const PATTERNS_ONLY = new Set(['regex', 'lowercase', 'uppercase', 'includes', 'starts_with', 'ends_with']);
/** Formats whose pattern zod makes from their options. */
const MADE_OF_OPTIONS = new Set(['datetime', 'time', 'uuid', 'mac', 'nanoid', 'emoji']);
const OPTIONS = ['version', 'length', 'delimiter', 'alg', 'offset', 'local', 'precision', 'hostname', 'protocol'];

type TextDefinition = Readonly<Record<string, unknown>> & { readonly format?: string; readonly pattern?: RegExp };

function textNotes(definitions: readonly unknown[]): Notes {
  const all = (definitions as readonly TextDefinition[]).filter(({ format }) => format !== undefined);
  const named = all.filter(({ format = '' }) => !PATTERNS_ONLY.has(format));
  const formats = named.map((definition) => ({ name: definition.format ?? '', options: optionsOf(definition) }));
  const patterns = all.filter((definition) => !isOwn(definition)).flatMap(({ pattern }) => (pattern ? [patternText(pattern)] : []));
  if (formats.length === 0 && !patterns.some((pattern) => !pattern.endsWith('/'))) return {};
  return { ...(formats.length > 0 && { formats }), ...(patterns.length > 0 && { patterns }) };
}

function optionsOf(definition: TextDefinition): Format['options'] {
  const options: Record<string, string | number | boolean> = {};
  for (const name of OPTIONS) {
    const value = definition[name];
    if (value instanceof RegExp) options[name] = patternText(value);
    else if (typeof value === 'string' || typeof value === 'number' || value === true) options[name] = value;
  }
  return options;
}

/** Whether a pattern is the format's own and not one that somebody gave it. */
function isOwn({ format = '', pattern }: TextDefinition): boolean {
  if (PATTERNS_ONLY.has(format)) return false;
  if (pattern === undefined || MADE_OF_OPTIONS.has(format)) return true;
  const source = pattern.source;
  // the pattern that zod checks base64 by is none of those that it exports
  return format.startsWith('base64') || Object.values(z.regexes).some((known) => known instanceof RegExp && known.source === source);
}

/** A pattern with those of its flags that decide what it matches. */
export const patternText = ({ source, flags }: { readonly source: string; readonly flags: string }): string =>
  `/${source}/${flags.replaceAll(/[dgy]/g, '')}`;
