import { globalRegistry, type core } from 'zod';

/** A schema without its wrappers: what remains is the type that lies at rest, on the input side of codecs. */
export interface Peeled {
  readonly core: core.$ZodTypes;
  readonly nullable: boolean;
  /** The field may be absent at rest; false where a default fills it. */
  readonly optional: boolean;
  /** The outermost description. */
  readonly description: string | undefined;
}

/** Takes wrappers off, outermost first. A pipe that cannot be run backwards stays. */
export function peel(schema: core.$ZodType): Peeled {
  let current = schema as core.$ZodTypes;
  let nullable = false;
  let optional = false;
  let filled = false;
  let description: string | undefined;
  for (;;) {
    description ??= globalRegistry.get(current)?.description;
    const { def } = current._zod;
    switch (def.type) {
      case 'optional':
        optional ||= !filled;
        current = def.innerType as core.$ZodTypes;
        break;
      case 'nullable':
        nullable = true;
        current = def.innerType as core.$ZodTypes;
        break;
      case 'default':
      case 'prefault':
      case 'nonoptional':
        filled = true;
        current = def.innerType as core.$ZodTypes;
        break;
      case 'readonly':
      case 'catch':
        current = def.innerType as core.$ZodTypes;
        break;
      case 'lazy':
        // remembered by zod; the getter may make a new schema at each call
        current = (current as core.$ZodLazy)._zod.innerType as core.$ZodTypes;
        break;
      case 'pipe':
        if (isOneWay(def)) return { core: current, nullable, optional, description };
        current = def.in as core.$ZodTypes;
        break;
      default:
        return { core: current, nullable, optional, description };
    }
  }
}

/** Whether a pipe transforms without a way back: `.transform()` and `z.preprocess()`, but not a codec or a pipe of plain schemas. */
export function isOneWay(def: core.$ZodPipeDef): boolean {
  return [def.in, def.out].some((side) => {
    const inner = (side as core.$ZodTypes)._zod.def;
    return inner.type === 'transform' || (inner.type === 'pipe' && isOneWay(inner));
  });
}
