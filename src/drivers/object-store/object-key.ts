import { SpindleError } from '../../runtime/errors.ts';

/** Longest name between two slashes: a file system's 255 bytes less what the sidecar's name adds. */
const NAME_BYTES = 250;
const KEY_BYTES = 1024;

function problemOf(key: string): string | undefined {
  if (key === '') return 'it is empty';
  if (key.length > KEY_BYTES) return `it is longer than ${KEY_BYTES} characters`;
  if (!/^[\x20-\x7e]*$/.test(key)) return 'it holds a character other than printable ASCII';
  if (key.includes('\\')) return 'it holds a backslash';
  for (const name of key.split('/')) {
    if (name === '') return "it starts or ends with '/' or holds '//'";
    if (name === '.' || name === '..') return `it holds the name '${name}'`;
    if (name.length > NAME_BYTES) return `it holds a name of more than ${NAME_BYTES} characters`;
  }
  return undefined;
}

/** Whether an object store of Spindle's can have the key: a server may hold what others put there. */
export function isObjectKey(key: string): boolean {
  return problemOf(key) === undefined;
}

/** Refuses a key that some object store could not hold under that very name. */
export function checkObjectKey(key: string): void {
  const problem = problemOf(key);
  if (problem === undefined) return;
  throw new SpindleError('VALUE_INVALID', `${JSON.stringify(key)} is no object key: ${problem}`, {
    remedy: "Use '/'-separated names of printable ASCII without '.' and '..' as names.",
  });
}

export function objectNotFound(key: string): SpindleError {
  return new SpindleError('OBJECT_NOT_FOUND', `there is no object '${key}'`);
}
