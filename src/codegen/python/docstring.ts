import { escaped, tripleQuotable } from './quote.ts';

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
  const lines = [first, ...rest.map((line) => line.slice(margin))].map(escaped);
  const quoted = tripleQuotable(lines.join('\n') + (lines.length > 1 ? '\n' : ''));
  return `"""${quoted.startsWith('"') ? ' ' : ''}${quoted}"""`.split('\n');
}
