import { digest } from '../runtime/digest.ts';

/** Whose files a generator may replace and remove: its own, of this project. */
export interface Owner {
  /** Its name on the command line. */
  readonly generator: string;
  readonly project: string;
}

/** What a generated file says of itself. */
export interface Seal {
  /** The project's name as the seal writes it. */
  readonly owner: string;
  /** The file is as it was generated. */
  readonly intact: boolean;
}

const SEAL = /^(?:(?:#|\/\/|--|<!--) |\s*"[^"]+": ")spindle:generated (\S+ \S*) ([0-9a-f]{16})\b/m;
/** The seal stands near the beginning, so that a file may quote one further down. */
const HEAD_LINES = 6;
const UNSEALED = '0'.repeat(16);

/** The words of the seal, to be put at the beginning of a comment, or of a string of JSON, within the first lines of what {@link seal} is then given. */
export function sealText(owner: Owner): string {
  return `spindle:generated ${ownerText(owner)} ${UNSEALED}`;
}

/** Puts the digest of the text, which is that of everything but the digest, into its seal. */
export function seal(text: string): string {
  const at = digestAt(text);
  if (at === undefined) throw new Error('The text has no seal among its first lines.');
  return `${text.slice(0, at)}${digest(text)}${text.slice(at + UNSEALED.length)}`;
}

/** The seal of a file with the line endings of Unix; undefined where it has none. */
export function readSeal(text: string): Seal | undefined {
  const at = digestAt(text);
  const [, owner] = SEAL.exec(headOf(text)) ?? [];
  if (at === undefined || owner === undefined) return undefined;
  const end = at + UNSEALED.length;
  return { owner, intact: digest(`${text.slice(0, at)}${UNSEALED}${text.slice(end)}`) === text.slice(at, end) };
}

/** An owner as one text without whitespace but the space between its two names. */
export function ownerText({ generator, project }: Owner): string {
  return `${generator} ${encodeURIComponent(wellFormed(project))}`;
}

/** As it is read back from a file: half a surrogate pair cannot be written. */
export function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

const headOf = (text: string): string => text.split('\n', HEAD_LINES).join('\n');

function digestAt(text: string): number | undefined {
  const match = SEAL.exec(headOf(text));
  return match === null ? undefined : match.index + match[0].length - UNSEALED.length;
}
