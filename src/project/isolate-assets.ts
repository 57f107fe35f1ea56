import { stripSpecs } from './strip-specs.ts';
import { applyEdits, boundNames, isSyntaxNode, nameOf, parseStatements, walk, type Edit, type SyntaxNode } from './syntax.ts';

/** What exported names of a module hold: the keys of the assets, in order. */
export type AssetExports = ReadonlyMap<string, readonly string[]>;

const NEEDS_NO_CALL: ReadonlySet<string> = new Set(['Literal', 'Identifier', 'ArrowFunctionExpression', 'FunctionExpression']);

/**
 * The module as the code of one asset sees it. Other assets become a mere mention, for their code is theirs and reaches this one through their data,
 * and their keys are recorded with it. What else is declared at the top becomes a call that may be left out where nothing uses it: without that, every `z.object(…)` would count.
 */
export function isolateAssets(source: string, path: string, exported: AssetExports): string {
  const text = stripSpecs(source, path);
  const statements = parseStatements(text, path) ?? [];
  const others = localNames(statements, exported);
  const edits = statements.flatMap(initializers).flatMap(({ id, init }): Edit[] => {
    const { start, end } = init;
    const names = boundNames(id);
    if (names.length > 0 && names.every((name) => others.has(name))) return [{ start, end, text: mention(id) }];
    if (NEEDS_NO_CALL.has(init.type) || awaits(init)) return [];
    return [{ start, end, text: `/* @__PURE__ */ (() => (${text.slice(start, end)}))()` }];
  });
  return applyEdits(text, edits);
}

/** A name that no module declares, so that nothing is known of the call but its text. */
function mention(id: SyntaxNode): string {
  const call = '/* @__PURE__ */ __spindleAsset()';
  return id.type === 'ArrayPattern' ? `[${call}]` : call;
}

interface Initializer {
  readonly id: SyntaxNode;
  readonly init: SyntaxNode;
}

const DEFAULT: SyntaxNode = { type: 'Identifier', start: 0, end: 0, name: 'default' };

function initializers(statement: SyntaxNode): Initializer[] {
  const inner = statement['declaration'];
  const declaration = isSyntaxNode(inner) ? inner : statement;
  if (declaration.type === 'VariableDeclaration') {
    return (declaration['declarations'] as readonly SyntaxNode[]).flatMap(({ id, init }) =>
      isSyntaxNode(id) && isSyntaxNode(init) ? [{ id, init }] : [],
    );
  }
  const isExpression = statement.type === 'ExportDefaultDeclaration' && !declaration.type.endsWith('Declaration');
  return isExpression ? [{ id: DEFAULT, init: declaration }] : [];
}

/** The same by the names that the module itself uses, which `export { local as name }` sets apart. */
function localNames(statements: readonly SyntaxNode[], exported: AssetExports): AssetExports {
  const locals = new Map<string, readonly string[]>();
  const add = (local: string, name: string) => {
    const keys = exported.get(name);
    if (keys !== undefined) locals.set(local, keys);
  };
  for (const statement of statements) {
    if (statement.type === 'ExportDefaultDeclaration') add('default', 'default');
    if (statement.type !== 'ExportNamedDeclaration' || isSyntaxNode(statement['source'])) continue;
    for (const { id } of initializers(statement)) for (const name of boundNames(id)) add(name, name);
    for (const { local, exported: name } of statement['specifiers'] as readonly SyntaxNode[]) add(nameOf(local), nameOf(name));
  }
  return locals;
}

function awaits(init: SyntaxNode): boolean {
  let found = false;
  walk(init, (node) => {
    if (node.type === 'AwaitExpression') found = true;
    return !found && !/Function|Class/.test(node.type);
  });
  return found;
}
