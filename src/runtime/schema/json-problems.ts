import type { core } from 'zod';
import { peel } from './peel.ts';
import { describeUnmappable } from './unmappable.ts';

/** What JSON cannot carry inside an object, array or record, as `path: what to write instead`. Unknown values are free JSON and pass. */
export function jsonProblems(schema: core.$ZodType, path = '', seen: ReadonlySet<core.$ZodType> = new Set()): string[] {
  const { core: inner } = peel(schema);
  if (seen.has(inner)) return [];
  const visited = new Set(seen).add(inner);
  const nested = (child: core.$ZodType, name: string) => jsonProblems(child, `${path}${name}`, visited);
  const { def } = inner._zod;
  switch (def.type) {
    case 'object':
      return Object.entries(def.shape).flatMap(([name, field]) => nested(field, `.${name}`));
    case 'array':
      return nested(def.element, '[]');
    case 'tuple':
      return [...def.items, ...(def.rest === null ? [] : [def.rest])].flatMap((item, index) => nested(item, `[${index}]`));
    case 'record':
      return nested(def.valueType, '.*');
    case 'union':
      return def.options.flatMap((option) => nested(option, ''));
    case 'intersection':
      return [...nested(def.left, ''), ...nested(def.right, '')];
    case 'bigint':
    case 'date':
    case 'symbol':
    case 'map':
    case 'set':
    case 'function':
    case 'custom':
    case 'file':
    case 'promise':
    case 'nan':
    case 'void':
    case 'transform':
    case 'pipe':
    case 'success':
      return [`${path === '' ? '' : `at ${path.replace(/^\./, '')}, `}${describeUnmappable(def.type)}`];
    default:
      return [];
  }
}
