import type { z } from 'zod';
import type { Variables } from './variables.ts';

const SECRET_NAME = /PASS|SECRET|TOKEN|KEY|CREDENTIAL|PAT\b/i;

/** What is secret of a provider's variables: by `.meta({ secret: true })` of its schema or, where that says nothing, by name. As they were set, and as they were parsed; of a URL also its password alone. */
export function secretValues(
  schema: z.ZodObject | undefined,
  env: Readonly<Record<string, string | undefined>>,
  parsed: Variables = {},
): readonly string[] {
  return Object.entries(schema?.shape ?? {})
    .filter(([name, field]) => markOf(field) ?? SECRET_NAME.test(name))
    .flatMap(([name]) => [env[name], parsed[name]])
    .filter((value) => typeof value === 'string')
    .flatMap((value) => [value, ...passwordsIn(value)]);
}

/** The password of a URL, as it stands there and decoded. */
function passwordsIn(value: string): readonly string[] {
  const written = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*?:([^/?#]+)@/i.exec(value)?.[1];
  if (written === undefined) return [];
  try {
    return [...new Set([written, decodeURIComponent(written)])];
  } catch {
    return [written]; // no URL after all
  }
}

/** The mark may stand before or behind `.optional()`, `.default(…)` and the like. */
function markOf(field: unknown): boolean | undefined {
  const type = field as z.ZodType & { readonly def: { readonly innerType?: z.ZodType; readonly in?: z.ZodType } };
  const mark = type.meta()?.['secret'];
  if (typeof mark === 'boolean') return mark;
  const inner = type.def.innerType ?? type.def.in;
  return inner === undefined ? undefined : markOf(inner);
}
