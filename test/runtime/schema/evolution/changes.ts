import { z } from 'zod';
import type { ChangeClass } from '../../../../src/runtime/schema/evolution/change.ts';

/** A change of a schema as docs/streaming.md has it in its table, with the class that it is given and what is said of it. */
export interface Example {
  readonly change: string;
  readonly class: ChangeClass;
  readonly before: z.ZodType;
  readonly after: z.ZodType;
  readonly told: readonly string[];
}

const text = z.string();
const Play = z.object({ id: z.int(), song: text.optional(), ms: z.int().min(0), device: z.enum(['mobile', 'tv']), by: text.nullable() });
const Started = z.object({ type: z.literal('started'), song: text });
const Skipped = z.object({ type: z.literal('skipped'), ms: z.int() });
const Liked = z.object({ type: z.literal('liked') });
const { song: _, ...withoutSong } = Play.shape;
const { id: __, ...withoutId } = Play.shape;
const instant = z.codec(z.iso.datetime(), z.date(), { decode: (iso) => new Date(iso), encode: (date) => date.toISOString() });

const of = (field: z.ZodType) => z.object({ field });
const row = (
  change: string,
  verdict: ChangeClass,
  [before, after]: readonly [z.ZodType, z.ZodType],
  ...told: readonly string[]
): Example => ({
  change,
  class: verdict,
  before,
  after,
  told,
});

/** Every row of the table on the page, in its order. */
export const EXAMPLES: readonly Example[] = [
  row('fields in another order, another default, a codec over the same text', 'identical', [
    z.object({ a: z.iso.datetime(), b: text.default('x') }),
    z.object({ b: text.default('y'), a: instant }),
  ]),
  row('another description', 'compatible', [of(text), of(text.describe('A name'))], 'compatible field: is described otherwise'),
  row(
    'a new field that may be left out: optional, or with a default',
    'compatible',
    [Play, Play.extend({ city: text.optional(), country: text.default('') })],
    'compatible city: is new, and may be left out',
    'compatible country: is new, and may be left out',
  ),
  row(
    'a field that could be left out is gone',
    'compatible',
    [Play, z.object(withoutSong)],
    'compatible song: is no longer declared: a value is kept as an unknown field',
  ),
  row(
    'a field that had to be there is gone, or may be left out',
    'widening',
    [Play, z.object(withoutId).extend({ ms: Play.shape.ms.optional() })],
    'widening id: is no longer declared, and readers of the old schema need it',
    'widening ms: may be left out',
  ),
  row(
    'one more value of an enum, one more alternative of a union, null',
    'widening',
    [
      z.object({ device: z.enum(['mobile', 'tv']), by: text, event: z.discriminatedUnion('type', [Started, Skipped]) }),
      z.object({
        device: z.enum(['mobile', 'tv', 'radio']),
        by: text.nullable(),
        event: z.discriminatedUnion('type', [Started, Skipped, Liked]),
      }),
    ],
    'widening by: may be null',
    'widening device: "radio" is allowed',
    'widening event: the alternative (type = "liked") is allowed',
  ),
  row(
    'a wider range, length or type; one format, pattern or refinement less',
    'widening',
    [
      z.object({ ms: z.int().min(0), name: text.max(10), id: z.uuid(), tags: z.array(text).min(1), checked: text.refine(() => true) }),
      z.object({ ms: z.number(), name: text.max(20), id: text, tags: z.array(text), checked: text }),
    ],
    'widening checked: has a check in code less: cannot be compared',
    'widening id: need not be of the format uuid',
    'widening ms: may have a fraction',
    'widening ms: need not be at least 0',
    'widening name: may have more than 10 characters',
    'widening tags: may have fewer than 1 item',
  ),
  row(
    'a new field that must be there, or one that must be there now',
    'breaking',
    [Play, Play.extend({ song: text, city: text })],
    'breaking city: must be there, and was not declared',
    'breaking song: must be there',
  ),
  row(
    'one value or alternative less, no null',
    'breaking',
    [
      z.object({ device: z.enum(['mobile', 'tv']), by: text.nullable(), event: z.discriminatedUnion('type', [Started, Skipped]) }),
      z.object({ device: z.enum(['mobile']), by: text, event: z.discriminatedUnion('type', [Started]) }),
    ],
    'breaking by: must not be null',
    'breaking device: "tv" is refused',
    'breaking event(type = "skipped").song: must be there, and was not declared',
    'breaking event(type = "skipped").type: "skipped" is refused',
  ),
  row(
    'another or a narrower type',
    'breaking',
    [z.object({ id: z.int(), ms: z.number() }), z.object({ id: text, ms: z.int() })],
    'breaking id: takes a text, and not a whole number',
    'breaking ms: must be a whole number',
  ),
  row(
    'a tighter range, length, format or pattern; one refinement more',
    'breaking',
    [
      z.object({ ms: z.int(), name: text, id: text, code: text, checked: text }),
      z.object({ ms: z.int().min(5), name: text.min(1), id: z.uuid(), code: text.regex(/^x/), checked: text.refine(() => true) }),
    ],
    'breaking checked: has a check in code that it did not have: cannot be compared',
    'breaking code: must match /^x/',
    'breaking id: must be of the format uuid',
    'breaking ms: must be at least 5',
    'breaking name: must have at least 1 character',
  ),
  row(
    'another key of a discriminated union',
    'breaking',
    [
      z.discriminatedUnion('type', [Started, Skipped]),
      z.discriminatedUnion('kind', [z.object({ kind: z.literal('started') }), z.object({ kind: z.literal('skipped') })]),
    ],
    'breaking the alternatives are told apart by "kind" and not by "type"',
  ),
  row(
    'unknown fields are refused: `z.strictObject`',
    'breaking',
    [of(text), z.strictObject({ field: text })],
    'breaking unknown fields are refused',
  ),
  row(
    'what cannot be compared, such as `z.custom()` for a plain type',
    'breaking',
    [of(text), of(z.custom<string>(() => true))],
    'breaking field: cannot be compared: a text with z.custom()',
  ),
];
