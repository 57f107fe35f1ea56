import { SpindleError } from '../errors.ts';

/** Lets through what the event log can keep: JSON values by name. VALUE_INVALID names the first that is none, such as a bigint or a function. */
export function recordable<T extends object>(values: T, asset: string): T {
  for (const [field, value] of Object.entries(values)) {
    if (!isJson(value)) {
      throw new SpindleError('VALUE_INVALID', `${asset} reports "${field}" as a ${typeof value} that JSON cannot hold.`, {
        asset,
        field,
        remedy: 'Report text, numbers, booleans, null, or lists and objects of them; write a bigint as text.',
      });
    }
  }
  return values;
}

function isJson(value: unknown): boolean {
  try {
    return value === undefined || JSON.stringify(value) !== undefined;
  } catch {
    return false; // a bigint, or an object that holds itself
  }
}
