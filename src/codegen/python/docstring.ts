import { escaped } from './quote.ts';

/** The lines of a docstring, to be indented by so many levels: words in triple quotes, without spaces around them or at the ends of lines, tabs as spaces. None for a text without words. */
export function docstringLines(text: string): readonly string[] {
  const [first = '', ...rest] = text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll('\t', '    ')
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/^\n+/, '')
    .trim()
    .split('\n');
  if (first === '') return [];
  const margin = Math.min(...rest.filter((line) => line !== '').map((line) => line.length - line.trimStart().length));
  const lines = [first, ...rest.map((line) => line.slice(margin))].map((line) => escaped(line).replaceAll('"""', '\\"\\"\\"'));
  const start = (lines[0] as string).startsWith('"') ? ' ' : '';
  if (lines.length > 1) return [`"""${start}${lines[0]}`, ...lines.slice(1), '"""'];
  return [`"""${start}${(lines[0] as string).replace(/"$/, '\\"')}"""`];
}
