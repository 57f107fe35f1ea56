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
  'observe',
]);
/** Of the options of a table. */
const OF_A_TABLE: ReadonlySet<string> = new Set(['references', 'loadedAt']);
/** Of one of several outputs, whose key stands among its properties. */
const OUTPUT: ReadonlySet<string> = new Set(['key', ...NOT_STORED]);

/**
 * The module without the keys of the assets and sources that it declares and without what they say only for people and the scheduler: a rename or a
 * new description is no new code, nor is what the options of a table say for dbt. So is what a spec spreads that the module declares for specs alone. Any other spec that is not written out in the
 * call stays as it is.
 */
export function stripSpecs(text: string, path: string): string {
  const statements = parseStatements(text, path) ?? [];
  const imported = importedNames(statements);
  const edits: Edit[] = [];
  const spread: string[] = [];
  for (const statement of statements) {
    const redeclared = declaredIn(statement);
    const dropped = new Set<SyntaxNode>();
    const drop = (node: SyntaxNode, edit: Edit) => {
      dropped.add(node);
      edits.push(edit);
    };
    const dropProperties = (object: SyntaxNode | undefined, names: ReadonlySet<string>) => {
      for (const { property, edit } of droppedProperties(object, names)) drop(property, edit);
      for (const { type, argument } of propertiesOf(object) ?? []) if (type === 'SpreadElement') spread.push(nameOf(argument));
    };
    walk(statement, (node) => {
      if (dropped.has(node)) return false;
      const name = calledName(node, imported, redeclared);
      const [first, second, third] = argumentsOf(node);
      if (name === undefined || first === undefined || first.type === 'SpreadElement') return true;
      if (name === 'assets') {
        dropProperties(first, NOT_STORED);
        const outputs = propertiesOf(first)?.find(({ key }) => nameOf(key) === 'outputs')?.['value'];
        for (const { value } of propertiesOf(outputs) ?? []) dropProperties(isSyntaxNode(value) ? value : undefined, OUTPUT);
        return true;
      }
      if (name === 'table') {
        const none = propertiesOf(third)?.every(({ key }) => OF_A_TABLE.has(nameOf(key))) === true;
        if (second !== undefined && third !== undefined && none) drop(third, { start: second.end, end: third.end, text: '' });
        else for (const { property, edit } of droppedProperties(third, OF_A_TABLE)) drop(property, edit);
        return true;
      }
      drop(first, { start: first.start, end: first.end, text: "''" });
      const saysNothing = propertiesOf(second)?.every(({ key }) => NOT_STORED.has(nameOf(key))) === true;
      if (second !== undefined && saysNothing) drop(second, { start: second.start, end: second.end, text: '' });
      else dropProperties(second, NOT_STORED);
      return true;
    });
  }
  for (const object of specsOf(statements, spread)) for (const { edit } of droppedProperties(object, NOT_STORED)) edits.push(edit);
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

const DECLARING: ReadonlySet<string> = new Set(['asset', 'assets', 'source', 'table']);

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
  return called !== undefined && DECLARING.has(called) ? called : undefined;
}

function argumentsOf(node: SyntaxNode): readonly SyntaxNode[] {
  return node.type === 'CallExpression' ? (node['arguments'] as readonly SyntaxNode[]) : [];
}

/** The properties of an object that is written out. */
function propertiesOf(object: unknown): readonly SyntaxNode[] | undefined {
  return isSyntaxNode(object) && object.type === 'ObjectExpression' ? (object['properties'] as readonly SyntaxNode[]) : undefined;
}

function droppedProperties(
  object: SyntaxNode | undefined,
  names: ReadonlySet<string>,
): readonly { readonly property: SyntaxNode; readonly edit: Edit }[] {
  const properties = propertiesOf(object) ?? [];
  return properties.flatMap((property, index) => {
    const end = properties[index + 1]?.start ?? (object?.end ?? 0) - 1;
    const dropped = property['computed'] !== true && names.has(nameOf(property['key']));
    return dropped ? [{ property, edit: { start: property.start, end, text: '' } }] : [];
  });
}

/** The objects that a module declares for specs to spread them, and mentions nowhere else. */
function specsOf(statements: readonly SyntaxNode[], spread: readonly string[]): readonly SyntaxNode[] {
  const mentions = new Map<string, number>();
  if (spread.length > 0)
    for (const statement of statements)
      walk(statement, (node) => {
        if (node.type === 'Identifier') mentions.set(nameOf(node), (mentions.get(nameOf(node)) ?? 0) + 1);
      });
  return statements.flatMap((statement) => {
    if (statement.type !== 'VariableDeclaration') return [];
    return (statement['declarations'] as readonly SyntaxNode[]).flatMap(({ id, init }) => {
      const uses = spread.filter((name) => name === nameOf(id)).length;
      const object = isSyntaxNode(init) && /^TS(As|Satisfies)Expression$/.test(init.type) ? init['expression'] : init;
      return uses > 0 && mentions.get(nameOf(id)) === uses + 1 && isSyntaxNode(object) ? [object] : [];
    });
  });
}
