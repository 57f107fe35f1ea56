import { applyEdits, boundNames, isSyntaxNode, nameOf, parseStatements, walk, type Edit, type SyntaxNode } from './syntax.ts';

/** The properties of a declaration that change neither what is stored nor how it is computed. */
const NOT_STORED: ReadonlySet<string> = new Set([
  'formerly',
  'description',
  'group',
  'owners',
  'tags',
  'retry',
  'timeout',
  'pool',
  'automation',
  'freshness',
]);
const KEY: ReadonlySet<string> = new Set(['key']);

/**
 * The module without the keys of the assets and sources that it declares and without what they say only for people and the scheduler: a rename or a
 * new description is no new code. A spec that is not written out in the call, or that spreads another one, stays as it is.
 */
export function stripSpecs(text: string, path: string): string {
  const statements = parseStatements(text, path) ?? [];
  const imported = importedNames(statements);
  const edits: Edit[] = [];
  for (const statement of statements) {
    const redeclared = declaredIn(statement);
    const dropped = new Set<SyntaxNode>();
    const drop = (node: SyntaxNode, edit: Edit) => {
      dropped.add(node);
      edits.push(edit);
    };
    const dropProperties = (object: SyntaxNode | undefined, names: ReadonlySet<string>) => {
      const properties = propertiesOf(object) ?? [];
      properties.forEach((property, index) => {
        const end = properties[index + 1]?.start ?? (object?.end ?? 0) - 1;
        if (names.has(nameOf(property['key']))) drop(property, { start: property.start, end, text: '' });
      });
    };
    walk(statement, (node) => {
      if (dropped.has(node)) return false;
      const name = calledName(node, imported, redeclared);
      const [first, second] = argumentsOf(node);
      if (name === undefined || first === undefined || first.type === 'SpreadElement') return true;
      if (name === 'assets') {
        dropProperties(first, NOT_STORED);
        const outputs = propertiesOf(first)?.find(({ key }) => nameOf(key) === 'outputs')?.['value'];
        for (const { value } of propertiesOf(outputs) ?? []) dropProperties(isSyntaxNode(value) ? value : undefined, KEY);
        return true;
      }
      drop(first, { start: first.start, end: first.end, text: "''" });
      const saysNothing = propertiesOf(second)?.every(({ key }) => NOT_STORED.has(nameOf(key))) === true;
      if (second !== undefined && saysNothing) drop(second, { start: second.start, end: second.end, text: '' });
      else dropProperties(second, NOT_STORED);
      return true;
    });
  }
  return applyEdits(
    text,
    edits.toSorted((a, b) => a.start - b.start),
  );
}

/** By local name: what it is in `spindle`, `*` for all of it. */
function importedNames(statements: readonly SyntaxNode[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { type, source, specifiers } of statements) {
    if (type !== 'ImportDeclaration' || !isSyntaxNode(source) || source['value'] !== 'spindle') continue;
    for (const { local, imported } of specifiers as readonly SyntaxNode[]) names.set(nameOf(local), nameOf(imported) || '*');
  }
  return names;
}

/** Names that the statement binds anywhere inside: there they may mean something else than what the module imports. */
function declaredIn(statement: SyntaxNode): ReadonlySet<string> {
  const names = new Set<string>();
  walk(statement, ({ type, id, params, param }) => {
    const patterns = [...(/^VariableDeclarator$|Function|Class/.test(type) ? [id] : []), ...(Array.isArray(params) ? params : []), param];
    for (const pattern of patterns) if (isSyntaxNode(pattern)) for (const name of boundNames(pattern)) names.add(name);
  });
  return names;
}

function calledName(
  { type, callee }: SyntaxNode,
  imported: ReadonlyMap<string, string>,
  redeclared: ReadonlySet<string>,
): string | undefined {
  if (type !== 'CallExpression' || !isSyntaxNode(callee)) return undefined;
  const { object, property, computed } = callee;
  const isMember = callee.type === 'MemberExpression' && computed !== true && isSyntaxNode(object) && object.type === 'Identifier';
  const local = nameOf(isMember ? object : callee);
  if (redeclared.has(local)) return undefined;
  const name = imported.get(local);
  const called = isMember ? (name === '*' ? nameOf(property) : undefined) : name;
  return called === 'asset' || called === 'assets' || called === 'source' ? called : undefined;
}

function argumentsOf(node: SyntaxNode): readonly SyntaxNode[] {
  return node.type === 'CallExpression' ? (node['arguments'] as readonly SyntaxNode[]) : [];
}

/** Of an object that is written out: without a spread and without computed names. */
function propertiesOf(object: unknown): readonly SyntaxNode[] | undefined {
  if (!isSyntaxNode(object) || object.type !== 'ObjectExpression') return undefined;
  const properties = object['properties'] as readonly SyntaxNode[];
  return properties.every(({ type, computed }) => type === 'Property' && computed !== true) ? properties : undefined;
}
