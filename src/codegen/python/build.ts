import { SpindleError } from '../../runtime/errors.ts';
import type {
  Attribute,
  BinaryOperator,
  Branch,
  CompareOperator,
  Expression,
  ImportedName,
  Imported,
  ImportSource,
  Keyword,
  Module,
  Name,
  Parameter,
  Statement,
  WithItem,
} from './ast.ts';

export const none: Expression = { kind: 'none' };
export const str = (value: string): Expression => ({ kind: 'string', value });
export const text = (value: string): Expression => ({ kind: 'text', value });
export const bool = (value: boolean): Expression => ({ kind: 'boolean', value });
/** An int where the value is whole. */
export const num = (value: number): Expression => ({ kind: 'number', value: finite(value), float: false });
/** A float, `2.0` where the value is whole. */
export const float = (value: number): Expression => ({ kind: 'number', value: finite(value), float: true });

/** An identifier, or a dotted path of them. */
export function name(path: string): Name | Attribute {
  const [first = '', ...rest] = path.split('.');
  return rest.reduce<Name | Attribute>((value, part) => attribute(value, part), { kind: 'name', id: first });
}

/** `name` of `module`, which the printed module imports; `fallback` has the same thing where the module does not. */
export function imported(module: string, imports: string, fallback?: ImportSource['fallback']): Imported {
  return { kind: 'imported', source: { module, name: imports, fallback } };
}

/** A module that the printed one imports as a whole. */
export const importedModule = (module: string): Imported => ({
  kind: 'imported',
  source: { module, name: undefined, fallback: undefined },
});

type Keywords = Readonly<Record<string, Expression | undefined>>;

/** A call; keywords that are undefined are left out. */
export const call = (func: Expression, args: readonly Expression[] = [], keywords: Keywords = {}): Expression => ({
  kind: 'call',
  func,
  args,
  keywords: Object.entries(keywords).flatMap(([key, value]): Keyword[] => (value === undefined ? [] : [{ name: key, value }])),
});

export const list = (items: readonly Expression[]): Expression => ({ kind: 'list', items });
export const tuple = (items: readonly Expression[]): Expression => ({ kind: 'tuple', items });
export const dict = (entries: readonly (readonly [key: Expression, value: Expression])[]): Expression => ({ kind: 'dict', entries });
/** A dict whose keys are strings; entries that are undefined are left out. */
export const record = (entries: Keywords): Expression =>
  dict(Object.entries(entries).flatMap(([key, value]): [Expression, Expression][] => (value === undefined ? [] : [[str(key), value]])));

export const attribute = (value: Expression, of: string): Attribute => ({ kind: 'attribute', value, name: of });
export const subscript = (value: Expression, index: Expression): Expression => ({ kind: 'subscript', value, index });

/** Operands joined from the left: `a >> b >> c`. At least one. */
export function binary(operator: BinaryOperator, operands: readonly Expression[]): Expression {
  return operands.reduce((left, right) => ({ kind: 'binary', operator, left, right }));
}

export const compare = (left: Expression, operator: CompareOperator, right: Expression): Expression => ({
  kind: 'compare',
  operator,
  left,
  right,
});
export const not = (operand: Expression): Expression => ({ kind: 'not', operand });
/** `value if test else otherwise`. */
export const conditional = (test: Expression, value: Expression, otherwise: Expression): Expression => ({
  kind: 'conditional',
  test,
  value,
  otherwise,
});

export const assign = (target: string | Name | Attribute, value: Expression): Statement => ({
  kind: 'assign',
  target: typeof target === 'string' ? name(target) : target,
  value,
});
export const expression = (value: Expression): Statement => ({ kind: 'expression', value });
export const importModule = (module: string): Statement => ({ kind: 'import', module, names: undefined });
/** `from module import a, b as c`, where a pair is a name and what it is called here. */
export const importFrom = (module: string, names: readonly (string | readonly [name: string, as: string])[]): Statement => ({
  kind: 'import',
  module,
  names: names.map((each): ImportedName => (typeof each === 'string' ? { name: each, as: undefined } : { name: each[0], as: each[1] })),
});
export const functionDef = (
  named: string,
  parameters: readonly Parameter[],
  { docstring, body }: { readonly docstring?: string; readonly body: readonly Statement[] },
): Statement => ({ kind: 'function', name: named, parameters, docstring, body });
export const parameter = (named: string, byDefault?: Expression): Parameter => ({ name: named, takes: 'value', default: byDefault });
/** `**name`. */
export const keywordParameters = (named: string): Parameter => ({ name: named, takes: 'keywords', default: undefined });
export const withBlock = (items: readonly WithItem[], body: readonly Statement[]): Statement => ({ kind: 'with', items, body });
export const withItem = (value: Expression, as?: string): WithItem => ({ value, as });
export const ifBlock = (branches: readonly Branch[], otherwise: readonly Statement[] = []): Statement => ({
  kind: 'if',
  branches,
  otherwise,
});
export const forBlock = (targets: readonly string[], iterable: Expression, body: readonly Statement[]): Statement => ({
  kind: 'for',
  targets,
  iterable,
  body,
});
export const returns = (value?: Expression): Statement => ({ kind: 'return', value });
export const tryImport = (body: readonly Statement[], handler: readonly Statement[]): Statement => ({
  kind: 'try',
  body,
  exception: 'ImportError',
  handler,
});
export const comment = (words: string): Statement => ({ kind: 'comment', text: words });
export const blank: Statement = { kind: 'blank' };

export const pythonModule = (
  body: readonly Statement[],
  { header = [], docstring }: { readonly header?: readonly string[]; readonly docstring?: string } = {},
): Module => ({ header, docstring, body });

function finite(value: number): number {
  if (Number.isFinite(value)) return value;
  throw new SpindleError('EXPORT_INVALID', `${value} cannot be written as a number in Python.`, { remedy: 'Use a finite number.' });
}
