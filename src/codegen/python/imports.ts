import type { Import, ImportedName } from './ast.ts';
import { commaSeparated, type Doc, parenthesizeIfExpands, sequence, textDoc } from './document.ts';
import { STANDARD_LIBRARY } from './standard-library.ts';

/** One import statement, with at most one name where that name is another here. */
type Line = Omit<Import, 'kind'>;

/** Imports as isort arranges them: the future, the standard library, then others; `import` before `from`; each group sorted, and of each module one line. */
export function arrangeImports(imports: readonly Line[]): readonly (readonly Doc[])[] {
  const sorted = merged(imports).toSorted(compareLines);
  return ['future', 'standard', 'other']
    .map((section) => sorted.filter(({ module }) => sectionOf(module) === section).map(formatImport))
    .filter((lines) => lines.length > 0);
}

function merged(imports: readonly Line[]): readonly Line[] {
  const modules = new Set<string>();
  const names = new Map<string, Map<string, ImportedName>>();
  const renamed = new Map<string, Line>();
  for (const { module, names: some } of imports) {
    if (some === undefined) modules.add(module);
    for (const each of some ?? []) {
      if (each.as !== undefined) {
        renamed.set(`${module} ${each.name} ${each.as}`, { module, names: [each] });
      } else {
        const found = names.get(module) ?? new Map<string, ImportedName>();
        names.set(module, found.set(each.name, each));
      }
    }
  }
  return [
    ...Array.from(modules, (module): Line => ({ module, names: undefined })),
    ...Array.from(names, ([module, found]): Line => ({
      module,
      names: [...found.values()].toSorted((a, b) => compareMembers(a.name, b.name)),
    })),
    ...renamed.values(),
  ];
}

function formatImport({ module, names }: Line): Doc {
  if (names === undefined) return textDoc(`import ${module}`);
  const items = names.map(({ name, as }) => textDoc(as === undefined ? name : `${name} as ${as}`));
  return sequence(
    textDoc(`from ${module} import `),
    parenthesizeIfExpands(() => commaSeparated(items, 'always')),
  );
}

function sectionOf(module: string): string {
  const [top = ''] = module.split('.');
  if (top === '__future__') return 'future';
  return STANDARD_LIBRARY.has(top) ? 'standard' : 'other';
}

function compareLines(a: Line, b: Line): number {
  const [first, second] = [a.names?.[0], b.names?.[0]];
  return (
    Number(a.names !== undefined) - Number(b.names !== undefined) ||
    compareNames(a.module, b.module) ||
    compareMembers(first?.name ?? '', second?.name ?? '') ||
    compareNatural(first?.as ?? '', second?.as ?? '')
  );
}

/** Constants, then classes, then the rest, as the case of the name tells. */
const compareMembers = (a: string, b: string): number => typeOf(a) - typeOf(b) || compareNames(a, b);

function typeOf(name: string): number {
  if (name.length > 1 && name === name.toUpperCase() && name !== name.toLowerCase()) return 0;
  return /^\p{Lu}/u.test(name) ? 1 : 2;
}

const compareNames = (a: string, b: string): number => compareNatural(a.toLowerCase(), b.toLowerCase()) || compareNatural(a, b);

/** Numbers within names by their value, the rest by code. */
function compareNatural(a: string, b: string): number {
  const left = partsOf(a);
  const right = partsOf(b);
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const both = /\d/.test(part) && /\d/.test(other);
    const difference = both ? Number(part) - Number(other) || other.length - part.length : part < other ? -1 : part > other ? 1 : 0;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

const partsOf = (name: string): readonly string[] => name.match(/\d+|\D/g) ?? [];
