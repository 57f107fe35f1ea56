import { applyEdits, isSyntaxNode, nameOf, parseStatements, walk, type Edit, type SyntaxNode } from './syntax.ts';

/**
 * The module with what it imports on use, of the project's files, imported at once: for a digest the moment does not matter, and the bundler then
 * treats both alike. Of `const { a } = await import('./b.ts')` and `(await import('./b.ts')).a` only `a` is imported.
 */
export function eagerImports(text: string, path: string): string {
  const edits: Edit[] = [];
  const imports: string[] = [];
  const replace = ({ start, end, source }: SyntaxNode, names: readonly string[] | undefined) => {
    const from = JSON.stringify((source as SyntaxNode)['value']);
    const local = `__spindleImport${imports.length}`;
    const locals = names?.map((_, index) => `${local}_${index}`);
    const list = names?.map((name, index) => `${JSON.stringify(name)} as ${locals?.[index]}`);
    imports.push(list === undefined ? `import * as ${local} from ${from};\n` : `import { ${list.join(', ')} } from ${from};\n`);
    edits.push({ start, end, text: `__spindleImported(${locals?.join(', ') ?? local})` });
  };
  for (const statement of parseStatements(text, path) ?? []) {
    const named = new Map<SyntaxNode, readonly string[]>();
    walk(statement, (node) => {
      const [value, names] =
        node.type === 'VariableDeclarator' ? [node['init'], patternNames(node['id'])] : [node['object'], memberName(node)];
      const imported = isSyntaxNode(value) && value.type === 'AwaitExpression' ? value['argument'] : undefined;
      if (isSyntaxNode(imported) && names !== undefined) named.set(imported, names);
      if (isOwnImport(node)) replace(node, named.get(node));
    });
  }
  return imports.join('') + applyEdits(text, edits);
}

function isOwnImport({ type, source, options }: SyntaxNode): boolean {
  const specifier = type === 'ImportExpression' && isSyntaxNode(source) && !isSyntaxNode(options) ? source['value'] : undefined;
  return typeof specifier === 'string' && /^\.{0,2}\//.test(specifier);
}

/** The names in `{ a, b: c }`, sorted; undefined for another pattern. */
function patternNames(pattern: unknown): readonly string[] | undefined {
  if (!isSyntaxNode(pattern) || pattern.type !== 'ObjectPattern') return undefined;
  const properties = pattern['properties'] as readonly SyntaxNode[];
  if (properties.some(({ type, computed }) => type !== 'Property' || computed === true)) return undefined;
  return properties.map(({ key }) => nameOf(key)).toSorted();
}

const memberName = ({ type, property, computed }: SyntaxNode): readonly string[] | undefined =>
  type === 'MemberExpression' && computed !== true ? [nameOf(property)] : undefined;
