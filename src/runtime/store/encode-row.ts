import { isUtf8 } from 'node:buffer';
import type { z } from 'zod';
import { keepNested } from '../schema/keep-nested.ts';
import { describeIssue } from '../schema/row-validator.ts';
import { wireSchema } from '../schema/wire-schema.ts';
import type { Row } from './row.ts';
import { recordLayouts, type Fit } from './record-layouts.ts';

/** JSON.stringify writes a lone surrogate as an escape; warehouses refuse the whole file for it. */
const HALF_SURROGATE = /(?<!\\)(?:\\\\)*\\ud[89a-f]/;

/** For the recursion of writing or validating it. */
const TOO_DEEP = 'nested too deeply';

type Reasons = readonly [string, ...string[]];

/** The members of a row as JSON, each behind a comma; or why there is no row. */
export type EncodedRow = { readonly members: string } | { readonly reasons: Reasons };

/**
 * Judges texts by the schema's input side. Unknown fields are kept in `_extra`, those of objects inside where they are. A text whose layout is known already is taken as it is; any
 * other is parsed, once, and written anew, so that no row has a field twice.
 */
export function rowEncoder(schema: Row): (value: Uint8Array) => EncodedRow {
  const wire = keepNested(wireSchema(schema));
  const layouts = recordLayouts(wire);
  const known = new Set(Object.keys(schema.shape));
  return (value) => {
    const text = bufferOf(value).toString();
    // what is no UTF-8 becomes this character, so that only texts that have it are worth a second look
    if (text.includes('\ufffd') && !isUtf8(value)) return { reasons: ['not UTF-8 text'] };
    const fit = layouts.fit(text);
    if (fit === 'valid') return { members: `,${text.slice(1, -1)}` };

    const written = writeRow(text, fit, { wire, known });
    if ('reasons' in written) return written;
    if (written.alike && fit === 'unknown') layouts.learn(text, written.fields);
    return written;
  };
}

type Fields = Readonly<Record<string, unknown>>;
type Written =
  /** `alike`: the row has the fields of the record, and no others. */
  { readonly members: string; readonly alike: boolean; readonly fields: Fields } | { readonly reasons: Reasons };

/** What the schema's own code throws is a reason too: once it is mended, the record can be replayed. */
function writeRow(text: string, fit: Fit, { wire, known }: { readonly wire: z.ZodObject; readonly known: ReadonlySet<string> }): Written {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { reasons: [error instanceof RangeError ? TOO_DEEP : `not JSON: ${(error as Error).message}`] };
  }
  try {
    const result = wire.safeParse(json);
    if (!result.success) return { reasons: result.error.issues.map(describeIssue) as readonly string[] as Reasons };
    const [row, fields] = [result.data as Fields, json as Fields];
    const names = Object.keys(fields);
    const asMany = names.length === Object.keys(row).length;
    // validation makes objects and lists anew: those count as changed
    if (fit === 'plain' && asMany && names.every((name) => row[name] === fields[name]))
      return { members: `,${text.slice(1, -1)}`, alike: true, fields };
    const members = membersOf(knownFields(row, known)) + membersOf(extraFields(fields, known));
    if (members.includes('\\ud') && HALF_SURROGATE.test(members)) return { reasons: ['a text holds half of a surrogate pair'] };
    return { members, alike: asMany && names.every((name) => Object.hasOwn(row, name)), fields };
  } catch (error) {
    return { reasons: [error instanceof RangeError ? TOO_DEEP : `its validation failed: ${String(error)}`] };
  }
}

function membersOf(fields: Fields): string {
  const text = JSON.stringify(fields);
  return text === '{}' ? '' : `,${text.slice(1, -1)}`;
}

/** Without what a schema lets pass that it does not know: a column that landing adds could be of that name. */
function knownFields(row: Fields, known: ReadonlySet<string>): Fields {
  const names = Object.keys(row);
  return names.every((name) => known.has(name))
    ? row
    : Object.fromEntries(names.filter((name) => known.has(name)).map((name) => [name, row[name]]));
}

/** The fields that the schema does not know, as the one field `_extra`; none where there are none. */
function extraFields(fields: Fields, known: ReadonlySet<string>): Fields {
  const unknown = Object.keys(fields).filter((name) => !known.has(name));
  if (unknown.length === 0) return {};
  return { _extra: Object.fromEntries(unknown.map((name) => [name, fields[name]])) };
}

/** A view, no copy. */
const bufferOf = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
