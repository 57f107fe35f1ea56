import type { z } from 'zod';
import { SpindleError } from '../runtime/errors.ts';
import { mask } from './redact.ts';

export type Variables = Readonly<Record<string, unknown>>;

/**
 * Reads the environment variables that each resource declares, all of them at once: VARIABLES_INVALID lists every one that is missing or wrong.
 * An empty variable counts as missing. No value is ever shown.
 */
export function parseVariables(
  schemas: ReadonlyMap<string, z.ZodObject | undefined>,
  env: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, Variables> {
  const issues: string[] = [];
  const missing = new Set<string>();
  const parsed = new Map<string, Variables>();
  for (const [resource, schema] of schemas) {
    const names = Object.keys(schema?.shape ?? {});
    const values = Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
    const result = schema?.safeParse(values);
    parsed.set(resource, result?.data ?? {});
    for (const { path, message } of result?.error?.issues ?? []) {
      const name = String(path[0] ?? resource);
      if (values[name] === undefined && names.includes(name)) {
        missing.add(name);
        issues.push(`${name} (${resource}) is missing${described(schema?.shape[name])}`);
      } else {
        // A schema's own message may quote what it was given.
        issues.push(`${name} (${resource}) is wrong: ${mask(message, Object.values(values))}`);
      }
    }
  }
  if (issues.length === 0) return parsed;
  throw new SpindleError(
    'VARIABLES_INVALID',
    `${issues.length === 1 ? 'An environment variable is' : `${issues.length} environment variables are`} missing or wrong.`,
    {
      issues,
      remedy: missing.size > 0 ? `Set ${[...missing].join(', ')}, or choose another environment with --env.` : 'Correct the values.',
    },
  );
}

function described(schema: unknown): string {
  const description = (schema as { description?: string } | undefined)?.description;
  return description === undefined ? '' : `: ${description}`;
}
