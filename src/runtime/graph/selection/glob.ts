import type { Pattern } from './ast.ts';

/** Tests keys: `*` stands for any part of a segment, `**` for any segments, also none where it stands between slashes. */
export function keyMatcher({ text, literal }: Pattern): (key: string) => boolean {
  if (literal || !text.includes('*')) return (key) => key === text;
  const source = text
    // Repeated wildcards mean what one means, and would make the expression slow.
    .replace(/\*{3,}/g, '**')
    .replace(/(?<=^|\/)(?:\*\*\/)+/g, '**/')
    .split(/((?<=^|\/)\*\*\/|\*\*|\*)/)
    .map((part) => (part === '**/' ? '(?:.*/)?' : part === '**' ? '.*' : part === '*' ? '[^/]*' : escape(part)))
    .join('');
  const expression = new RegExp(`^${source}$`, 's');
  return (key) => expression.test(key);
}

/** Tests other texts: `*` is any text. */
export function textMatcher({ text, literal }: Pattern): (value: string) => boolean {
  if (literal || !text.includes('*')) return (value) => value === text;
  const expression = new RegExp(`^${text.split(/\*+/).map(escape).join('.*')}$`, 's');
  return (value) => expression.test(value);
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
