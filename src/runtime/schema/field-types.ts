import type { z } from 'zod';
import type { Fields } from '../run/event.ts';
import { columnShape } from './column-type.ts';
import { peel } from './peel.ts';
import { unsaidIn } from './unsaid.ts';

/** The fields of an object, or of the objects in a list, with their types in words; undefined for what has no fields. Two fields that take other values read otherwise: what is too deep for words ends in a digest, `json (#1a2b3c)`. */
export function fieldTypes(schema: z.core.$ZodType): Fields | undefined {
  const { core } = peel(schema);
  const { def } = core._zod;
  if (def.type === 'array') return fieldTypes(def.element);
  if (def.type !== 'object') return undefined;
  return Object.fromEntries(Object.entries(def.shape).map(([name, field]) => [name, typeText(field)]));
}

/** How the type of a field ends that may be null. */
export const OR_NULL = ' or null';

/** Values that are listed; of more, their number tells. */
const LISTED = 6;

function typeText(schema: z.core.$ZodType): string {
  const shape = columnShape(schema);
  const { core } = peel(schema);
  if ('problem' in shape) return core._zod.def.type;
  const { type, nullable, values, minimum, maximum } = shape;
  const bounds = [minimum === undefined ? '' : ` from ${minimum}`, maximum === undefined ? '' : ` to ${maximum}`].join('');
  const listed = values !== undefined && values.length <= LISTED ? values : undefined;
  const words =
    values === undefined
      ? `${type}${bounds}`
      : (listed?.map((value) => JSON.stringify(value)).join(' | ') ?? `one of ${values.length} values`);
  const unsaid = unsaidIn(core, { type, values: listed, minimum, maximum });
  const plain = unsaid === undefined ? words : `${words} (#${unsaid})`;
  return nullable ? plain + OR_NULL : plain;
}
