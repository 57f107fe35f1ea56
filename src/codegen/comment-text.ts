/** How a kind of file writes a comment of one line; `none` where it has no comments, as JSON. */
export const COMMENTS = ['#', '//', '--', '<!--', 'none'] as const;
export type CommentStyle = (typeof COMMENTS)[number];

/** The text as a comment of one line. Not for `none`. */
export function commentLine(style: Exclude<CommentStyle, 'none'>, text: string): string {
  return style === '<!--' ? `<!-- ${text} -->` : `${style} ${text}`;
}

/**
 * Text of any kind as a part of a comment of one line: what breaks a line or cannot be seen, what ends an HTML comment or begins a comment of its own
 * (`# noqa`), and what Python would take for the encoding of the file (PEP 263), is written as an escape.
 */
export function commentText(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}<>#]|(?<=coding)[:=]/gu, escaped);
}

/** A name in quotes, as a part of a comment of one line. */
export function quotedInComment(name: string): string {
  return commentText(JSON.stringify(name));
}

function escaped(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
}
