import { z } from 'zod';

/** A zod schema as data: what a pair of schemas is made from, and what its records are sampled by. */
export type Spec =
  | { readonly type: 'text'; readonly least?: number; readonly most?: number; readonly like?: keyof typeof TEXTS }
  | { readonly type: 'number'; readonly integer: boolean; readonly least?: number; readonly most?: number; readonly multiple?: number }
  | { readonly type: 'boolean' | 'null' | 'unknown' }
  | { readonly type: 'enum'; readonly values: readonly string[] }
  | { readonly type: 'literal'; readonly value: string | number | boolean }
  | { readonly type: 'nullable'; readonly inner: Spec }
  | { readonly type: 'list'; readonly item: Spec; readonly least?: number; readonly most?: number }
  | { readonly type: 'tuple'; readonly items: readonly Spec[]; readonly rest: Spec | undefined }
  | { readonly type: 'record'; readonly value: Spec; readonly names: readonly string[] | undefined }
  | { readonly type: 'union'; readonly options: readonly Spec[] }
  | { readonly type: 'alternatives'; readonly by: string; readonly options: readonly (readonly [string, ObjectSpec])[] }
  | ObjectSpec;

export interface ObjectSpec {
  readonly type: 'object';
  readonly fields: Readonly<Record<string, { readonly spec: Spec; readonly presence: 'required' | 'optional' | 'default' }>>;
  readonly others: 'strip' | 'strict' | 'loose' | Spec;
}

export const TEXTS = {
  uuid: () => z.uuid(),
  uuid4: () => z.uuidv4(),
  guid: () => z.guid(),
  email: () => z.email(),
  instant: () => z.iso.datetime(),
  offset: () => z.iso.datetime({ offset: true }),
  local: () => z.iso.datetime({ local: true }),
  milliseconds: () => z.iso.datetime({ precision: 3 }),
  minutes: () => z.iso.datetime({ precision: -1 }),
  date: () => z.iso.date(),
  time: () => z.iso.time(),
  starts: () => z.string().startsWith('a'),
  pattern: () => z.string().regex(/b/),
  flagged: () => z.string().regex(/b/i),
} as const;

/** Names of fields. */
export const NAMES = ['a', 'b', 'c', 'd'] as const;

/** A spec as a schema; `part` makes those of its parts. */
export function toZod(spec: Spec, part: (spec: Spec) => z.ZodType): z.ZodType {
  switch (spec.type) {
    case 'text': {
      let text = (spec.like === undefined ? z.string() : TEXTS[spec.like]()) as z.ZodString;
      if (spec.least !== undefined) text = text.min(spec.least);
      return spec.most === undefined ? text : text.max(spec.most);
    }
    case 'number': {
      let number: z.ZodNumber = spec.integer ? z.int() : z.number();
      if (spec.least !== undefined) number = number.min(spec.least);
      if (spec.most !== undefined) number = number.lt(spec.most);
      return spec.multiple === undefined ? number : number.multipleOf(spec.multiple);
    }
    case 'boolean':
      return z.boolean();
    case 'null':
      return z.null();
    case 'unknown':
      return z.unknown();
    case 'enum':
      return z.enum(spec.values as [string]);
    case 'literal':
      return z.literal(spec.value);
    case 'nullable':
      return part(spec.inner).nullable();
    case 'list': {
      let list = z.array(part(spec.item));
      if (spec.least !== undefined) list = list.min(spec.least);
      return spec.most === undefined ? list : list.max(spec.most);
    }
    case 'tuple':
      return spec.rest === undefined
        ? z.tuple(spec.items.map(part) as [z.ZodType])
        : z.tuple(spec.items.map(part) as [z.ZodType], part(spec.rest));
    case 'record':
      return spec.names === undefined
        ? z.record(z.string(), part(spec.value))
        : z.partialRecord(z.enum(spec.names as [string]), part(spec.value));
    case 'union':
      return z.union(spec.options.map(part));
    case 'alternatives':
      return z.discriminatedUnion(
        spec.by,
        spec.options.map(([value, option]) => (part(option) as z.ZodObject).extend({ [spec.by]: z.literal(value) })) as unknown as [
          z.ZodObject,
        ],
      );
    case 'object': {
      const shape = Object.entries(spec.fields).map(([name, { spec: inner, presence }]) => {
        const field = part(inner);
        // whether the default itself fits is not asked on the wire
        return [name, presence === 'required' ? field : presence === 'optional' ? field.optional() : field.default(null)] as const;
      });
      const object = z.object(Object.fromEntries(shape));
      if (spec.others === 'strip') return object;
      if (spec.others === 'strict') return object.strict();
      return spec.others === 'loose' ? object.loose() : object.catchall(part(spec.others));
    }
  }
}
