/** What has no looks of its own, or several: controls, spaces other than the plain one, format and bidi characters, lone surrogates, unassigned ones. */
const UNPRINTABLE = /[^ \P{Z}]|[\p{C}\p{Default_Ignorable_Code_Point}]/gu;

const PLAIN = /^[\x20-\x5b\x5d-\x7e]*$/;

/** The one way from a text to a string literal: in double quotes, or in single ones where that spares escapes. Reads back as the same text, lone surrogates included. */
export function pyString(text: string): string {
  const quote = count(text, '"') > count(text, "'") ? "'" : '"';
  return quote + escaped(text).replaceAll(quote, `\\${quote}`) + quote;
}

/**
 * A text of several lines as a triple-quoted literal, whose first line begins on a line of its own; others, and those that an editor or a formatter
 * would change, as {@link pyString} writes them. Reads back as the same text.
 */
export function pyText(text: string): string {
  if (!text.includes('\n') || /[^\S\n](?:\n|$)|[^\P{Cc}\n\t]/u.test(text)) return pyString(text);
  return `"""\\\n${tripleQuotable(text.split('\n').map(escaped).join('\n'))}"""`;
}

/** Escapes the quotes that would end a triple-quoted literal. */
export function tripleQuotable(text: string): string {
  return text.replaceAll(/"""|"$/g, (quotes) => quotes.replaceAll('"', '\\"'));
}

/** The escapes that a string needs in quotes of any kind; newlines and quotes are others. */
export function escaped(text: string): string {
  return PLAIN.test(text) ? text : text.replaceAll('\\', '\\\\').replaceAll(UNPRINTABLE, escapeOf);
}

const SHORT: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

function escapeOf(character: string): string {
  const short = SHORT.get(character);
  if (short !== undefined) return short;
  const code = (character.codePointAt(0) as number).toString(16);
  if (code.length <= 2) return `\\x${code.padStart(2, '0')}`;
  return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\U${code.padStart(8, '0')}`;
}

const count = (text: string, character: string): number => text.split(character).length - 1;
