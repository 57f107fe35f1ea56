import type { z } from 'zod';
import type { Fields } from '../run/event.ts';
import { columnShape } from './column-type.ts';
import { peel } from './peel.ts';

/** The fields of an object, or of the objects in a list, with their types in words; undefined for what has no fields. For people: what two schemas differ in may be too deep to show. */
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
  if ('problem' in shape) return peel(schema).core._zod.def.type;
  const { type, nullable, values, minimum, maximum } = shape;
  const bounds = [minimum === undefined ? '' : ` from ${minimum}`, maximum === undefined ? '' : ` to ${maximum}`].join('');
  const plain =
    values === undefined
      ? `${type}${bounds}`
      : values.length > LISTED
        ? `one of ${values.length} values`
        : values.map((value) => JSON.stringify(value)).join(' | ');
  return nullable ? plain + OR_NULL : plain;
}
