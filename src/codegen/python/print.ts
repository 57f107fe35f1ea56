import type { Import, ImportSource, Module, Statement } from './ast.ts';
import { neededImports } from './bindings.ts';
import { commentLines } from './comment-lines.ts';
import { docstringLines } from './docstring.ts';
import { importLines, suiteLines } from './format-statement.ts';

/**
 * A module as a Python file that ruff, with its default settings, neither changes nor reports: the header, the docstring, what the expressions import,
 * and the body. An error where one name would stand for two things.
 */
export function printModule({ header, docstring, body }: Module): string {
  const needed = neededImports(body);
  const plain = needed.filter(({ fallback }) => fallback === undefined);
  const leading = leadingImports(body);
  const sections: (readonly string[])[] = [
    header.flatMap(commentLines),
    docstringLines(docstring ?? ''),
    importLines([...plain.map(importOf), ...leading], 0),
  ];
  const rest = suiteLines([...fallbackImports(needed), ...body.slice(leading.length)], 0, 'module');
  const before = sections.filter((lines) => lines.length > 0);
  const isFunctionNext = (rest.find((line) => !line.startsWith('#')) ?? '').startsWith('def ');
  const gap = before.length > 0 && isFunctionNext && rest.length > 0 ? [''] : [];
  return `${[...before, [...gap, ...rest]]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

const importOf = ({ module, name }: ImportSource): Import => ({
  kind: 'import',
  module,
  names: name === undefined ? undefined : [{ name, as: undefined }],
});

function leadingImports(body: readonly Statement[]): readonly Import[] {
  const end = body.findIndex(({ kind }) => kind !== 'import');
  return body.slice(0, end < 0 ? undefined : end) as readonly Import[];
}

/** For each module whose names are elsewhere in other versions, a `try` that imports them from there. */
function fallbackImports(needed: readonly ImportSource[]): readonly Statement[] {
  const modules = [...new Set(needed.flatMap(({ module, fallback }) => (fallback === undefined ? [] : [module])))].toSorted();
  return modules.map((module): Statement => {
    const sources = needed.filter((source) => source.module === module && source.fallback !== undefined);
    return {
      kind: 'try',
      body: sources.map(importOf),
      exception: 'ImportError',
      handler: sources.flatMap(({ name, fallback }): Import[] =>
        fallback === undefined || name === undefined
          ? []
          : [{ kind: 'import', module: fallback.module, names: [{ name: fallback.name, as: fallback.name === name ? undefined : name }] }],
      ),
    };
  });
}
