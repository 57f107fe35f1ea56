import type { Format } from './notes.ts';
import type { JsonSchema } from './json-schema.ts';

/** What code decides beside the schema. */
export interface Code {
  /** How many checks. */
  readonly checks: number;
  /** Why more is taken than the schema says. */
  readonly lenient: readonly string[];
}

export type Value = string | number | boolean | null;

/** One kind of value that a schema takes: a schema is a union of them, and an empty one takes nothing. Only what is in `code` is left out of the shapes. */
export type Atom = { readonly code: Code } & (
  | { readonly kind: 'any' }
  | { readonly kind: 'value'; readonly value: Value }
  | TextShape
  | NumberShape
  | ListShape
  | ObjectShape
  /** What can be compared as text only. */
  | { readonly kind: 'opaque'; readonly text: string }
);
export type AtomOf<K extends Atom['kind']> = Atom & { readonly kind: K };

export interface TextShape {
  readonly kind: 'text';
  readonly least: number;
  readonly most: number;
  readonly formats: readonly Format[];
  /** Beside those of the formats, as `/…/i`. */
  readonly patterns: readonly string[];
  /** Sources of all patterns that a value can be tried with; undefined where one of them has flags. */
  readonly tests: readonly string[] | undefined;
}

export interface NumberShape {
  readonly kind: 'number';
  readonly integer: boolean;
  readonly least: Bound;
  readonly most: Bound;
  readonly multiples: readonly number[];
}

export interface Bound {
  readonly value: number;
  /** The bound itself is left out. */
  readonly open: boolean;
}

export interface ListShape {
  readonly kind: 'list';
  readonly first: readonly Node[];
  /** Of the items behind the first ones. */
  readonly rest: Node;
  readonly least: number;
  readonly most: number;
}

export interface ObjectShape {
  readonly kind: 'object';
  readonly fields: ReadonlyMap<string, Field>;
  /** Fields that are not declared: unknown to the schema and kept, refused, or each of one type (a record, a catchall). */
  readonly others: 'unknown' | 'refused' | Node;
  /** What the name of a field that is not declared must be like; undefined for any. */
  readonly names: Node | undefined;
}

export interface Field {
  readonly node: Node;
  readonly required: boolean;
}

/** A place in a document: what is valid there is valid for all of the schemas. */
export interface Node {
  readonly root: JsonSchema;
  readonly all: readonly JsonSchema[];
  /** A part of what the schemas take, in their place. */
  readonly part?: readonly Atom[];
  /** What was read of the place: that is done once. */
  readonly memo: { atoms?: readonly Atom[] };
}

export const nodeOf = (root: JsonSchema, schema: JsonSchema = root): Node => ({ root, all: [schema], memo: {} });

/** Valid for both. */
export const bothNodes = (a: Node, b: Node): Node => ({ root: a.root, all: [...a.all, ...b.all], memo: {} });

export const NO_CODE: Code = { checks: 0, lenient: [] };

export const bothCodes = (a: Code, b: Code): Code => ({
  checks: a.checks + b.checks,
  lenient: [...new Set([...a.lenient, ...b.lenient])],
});
