import { SpindleError } from '../../runtime/errors.ts';
import type { Expression, ImportSource, Statement } from './ast.ts';

/** What the expressions of a module import, each once. An error where one name would stand for two things. */
export function neededImports(body: readonly Statement[]): readonly ImportSource[] {
  const found: Found = { sources: new Map(), bound: new Set() };
  visitAll(body, found);
  const origins = new Map<string, string>();
  for (const { module, name } of found.sources.values()) {
    const local = localName(module, name);
    const origin = name === undefined ? local : module;
    const other = origins.get(local) ?? (found.bound.has(local) ? 'the file itself' : origin);
    if (other !== origin) throw clash(local, [module, other]);
    origins.set(local, origin);
  }
  return [...found.sources.values()];
}

interface Found {
  /** By module and name. */
  readonly sources: Map<string, ImportSource>;
  /** The names that the module gives to things of its own. */
  readonly bound: Set<string>;
}

const localName = (module: string, name: string | undefined): string => name ?? (module.split('.')[0] as string);

function clash(name: string, [module, other]: readonly [string, string]): SpindleError {
  return new SpindleError(
    'EXPORT_INVALID',
    `The name ${name} of a generated file would stand for that of ${module} and for that of ${other}.`,
    {
      field: name,
      remedy: 'Rename the job or asset that the name is made from.',
    },
  );
}

function visitAll(body: readonly Statement[], found: Found): void {
  for (const statement of body) visitStatement(statement, found);
}

function visitStatement(statement: Statement, found: Found): void {
  switch (statement.kind) {
    case 'assign':
      if (statement.target.kind === 'name') found.bound.add(statement.target.id);
      else visit([statement.target], found);
      visit([statement.value], found);
      return;
    case 'expression':
      visit([statement.value], found);
      return;
    case 'import':
      for (const { name, as } of statement.names ?? []) found.bound.add(as ?? name);
      if (statement.names === undefined) found.bound.add(localName(statement.module, undefined));
      return;
    case 'function':
      found.bound.add(statement.name);
      for (const parameter of statement.parameters) {
        found.bound.add(parameter.name);
        visit([parameter.default], found);
      }
      visitAll(statement.body, found);
      return;
    case 'with':
      for (const item of statement.items) {
        if (item.as !== undefined) found.bound.add(item.as);
        visit([item.value], found);
      }
      visitAll(statement.body, found);
      return;
    case 'if':
      for (const { test, body } of statement.branches) {
        visit([test], found);
        visitAll(body, found);
      }
      visitAll(statement.otherwise, found);
      return;
    case 'for':
      for (const target of statement.targets) found.bound.add(target);
      visit([statement.iterable], found);
      visitAll(statement.body, found);
      return;
    case 'return':
      visit([statement.value], found);
      return;
    case 'try':
      visitAll(statement.body, found);
      visitAll(statement.handler, found);
      return;
    case 'comment':
    case 'blank':
  }
}

function visit(expressions: readonly (Expression | undefined)[], found: Found): void {
  for (const expression of expressions) {
    if (expression === undefined) continue;
    if (expression.kind === 'imported') {
      const { module, name } = expression.source;
      found.sources.set(`${module}:${name ?? ''}`, expression.source);
    } else {
      visit(partsOf(expression), found);
    }
  }
}

function partsOf(node: Exclude<Expression, { kind: 'imported' }>): readonly Expression[] {
  switch (node.kind) {
    case 'string':
    case 'text':
    case 'number':
    case 'boolean':
    case 'none':
    case 'name':
      return [];
    case 'list':
    case 'tuple':
      return node.items;
    case 'dict':
      return node.entries.flat();
    case 'call':
      return [node.func, ...node.args, ...node.keywords.map(({ value }) => value)];
    case 'attribute':
      return [node.value];
    case 'subscript':
      return [node.value, node.index];
    case 'binary':
    case 'compare':
      return [node.left, node.right];
    case 'not':
      return [node.operand];
    case 'conditional':
      return [node.value, node.test, node.otherwise];
  }
}
