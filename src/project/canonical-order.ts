import { isSyntaxNode, nameOf, parseStatements, walk, type SyntaxNode } from './syntax.ts';

/**
 * The module with its statements in an order that says nothing of how its source was laid out: imports by what they import; then the declarations
 * that do nothing by themselves, such as functions, as the others reach them; then what runs when the module is loaded, as it stands. So a function
 * that moves within its file, or to another one, leaves the text as it is. Made for a digest: it need not run.
 */
export function inCanonicalOrder(code: string): string {
  const statements = parseStatements(code, 'closure.js') ?? [];
  const assigned = assignedNames(statements);
  const textOf = ({ start, end }: SyntaxNode) => code.slice(start, end);
  const imports: string[] = [];
  const inert = new Map<string, SyntaxNode>();
  const others: SyntaxNode[] = [];
  for (const statement of statements) {
    const name = inertName(statement);
    if (statement.type === 'ImportDeclaration') imports.push(...importsOf(statement));
    else if (name === undefined || assigned.has(name)) others.push(statement);
    else inert.set(name, statement);
  }
  const reached = new Set<SyntaxNode>();
  const reach = (node: SyntaxNode): void => {
    for (const name of references(node)) {
      const declaration = inert.get(name);
      if (declaration === undefined || reached.has(declaration)) continue;
      reached.add(declaration);
      reach(declaration);
    }
  };
  others.forEach(reach);
  return [...imports.toSorted(), ...[...reached, ...others].map(textOf)].join('\n');
}

/** One statement for each name that is imported. */
function importsOf(statement: SyntaxNode): readonly string[] {
  const from = JSON.stringify((statement['source'] as SyntaxNode)['value']);
  const specifiers = statement['specifiers'] as readonly SyntaxNode[];
  if (specifiers.length === 0) return [`import ${from};`];
  return specifiers.map(({ type, imported, local }) => {
    if (type === 'ImportNamespaceSpecifier') return `import * as ${nameOf(local)} from ${from};`;
    const name = type === 'ImportDefaultSpecifier' ? 'default' : nameOf(imported);
    return `import { ${JSON.stringify(name)} as ${nameOf(local)} } from ${from};`;
  });
}

/** The one name that a statement declares with nothing happening; undefined for any other statement. */
function inertName(statement: SyntaxNode): string | undefined {
  const { type, id } = statement;
  if (type === 'FunctionDeclaration' || (type === 'ClassDeclaration' && isInert(statement))) return nameOf(id);
  if (type !== 'VariableDeclaration') return undefined;
  const [declarator, ...more] = statement['declarations'] as readonly SyntaxNode[];
  if (declarator === undefined || more.length > 0) return undefined;
  const target = declarator['id'];
  return isSyntaxNode(target) && target.type === 'Identifier' && isInert(declarator['init']) ? nameOf(target) : undefined;
}

/** Whether an expression has the same value wherever it stands, and does nothing else. */
function isInert(node: unknown): boolean {
  if (!isSyntaxNode(node)) return node === null || node === undefined;
  const nodes = (field: string) => node[field] as readonly unknown[];
  switch (node.type) {
    case 'Literal':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return true;
    case 'TemplateLiteral':
      return nodes('expressions').every(isInert);
    case 'UnaryExpression':
      return isInert(node['argument']);
    case 'BinaryExpression':
      return isInert(node['left']) && isInert(node['right']);
    case 'ArrayExpression':
      return nodes('elements').every(isInert);
    case 'ObjectExpression':
      return nodes('properties').every(isInert);
    case 'Property':
      return node['computed'] !== true && isInert(node['value']);
    case 'ClassDeclaration':
    case 'ClassExpression':
      return !isSyntaxNode(node['superClass']) && isInertBody(node['body'] as SyntaxNode);
    default:
      return false;
  }
}

const isInertBody = ({ body }: SyntaxNode): boolean =>
  (body as readonly SyntaxNode[]).every(
    ({ type, computed, static: isStatic, value }) =>
      computed !== true && (type === 'MethodDefinition' || (type === 'PropertyDefinition' && (isStatic !== true || isInert(value)))),
  );

/** Names that are given another value somewhere: their declarations stay where they are. */
function assignedNames(statements: readonly SyntaxNode[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const statement of statements) {
    walk(statement, ({ type, left, argument }) => {
      const target = type === 'AssignmentExpression' || type === 'ForInStatement' || type === 'ForOfStatement' ? left : undefined;
      const changed = type === 'UpdateExpression' ? argument : target;
      if (isSyntaxNode(changed)) for (const name of references(changed)) names.add(name);
    });
  }
  return names;
}

/** The names that code mentions, in their order; a local one that is called like a declaration of the module is among them. */
function references(node: SyntaxNode): readonly string[] {
  const names: string[] = [];
  const visit = (inner: SyntaxNode): void =>
    walk(inner, (each) => {
      if (each.type === 'Identifier') names.push(nameOf(each));
      const [name, rest] = each.type === 'MemberExpression' ? (['property', 'object'] as const) : (['key', 'value'] as const);
      if (!isSyntaxNode(each[name]) || each['computed'] === true) return true;
      if (isSyntaxNode(each[rest])) visit(each[rest]);
      return false;
    });
  visit(node);
  return names;
}
