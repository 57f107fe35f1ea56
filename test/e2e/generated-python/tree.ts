import type { Expression, Statement } from '../../../src/codegen/python/ast.ts';

/** An expression in the form that `read-back.py` has for what Python reads. */
export function treeOf(node: Expression): unknown {
  switch (node.kind) {
    case 'string':
    case 'text':
      return ['str', node.value];
    case 'number':
      return node.float || !Number.isInteger(node.value) || Object.is(node.value, -0)
        ? ['float', node.value]
        : ['int', BigInt(node.value).toString()];
    case 'boolean':
      return ['bool', node.value];
    case 'none':
      return ['none'];
    case 'name':
      return ['name', node.id];
    case 'imported': {
      const [first, ...rest] = (node.source.name ?? node.source.module).split('.');
      return rest.reduce<unknown>((value, name) => ['attribute', value, name], ['name', first]);
    }
    case 'call':
      return ['call', treeOf(node.func), node.args.map(treeOf), node.keywords.map(({ name, value }) => [name, treeOf(value)])];
    case 'list':
    case 'tuple':
      return [node.kind, node.items.map(treeOf)];
    case 'dict':
      return ['dict', node.entries.map((entry) => entry.map(treeOf))];
    case 'attribute':
      return ['attribute', treeOf(node.value), node.name];
    case 'subscript':
      return ['subscript', treeOf(node.value), treeOf(node.index)];
    case 'binary':
    case 'compare':
      return [node.operator, treeOf(node.left), treeOf(node.right)];
    case 'not':
      return ['not', treeOf(node.operand)];
    case 'conditional':
      return ['conditional', treeOf(node.test), treeOf(node.value), treeOf(node.otherwise)];
  }
}

export const treesOf = (body: readonly Statement[]): readonly unknown[] => body.flatMap(statementTrees);

/** A statement in that form; what Python does not read gives none. */
function statementTrees(node: Statement): readonly unknown[] {
  switch (node.kind) {
    case 'assign':
      return [['assign', treeOf(node.target), treeOf(node.value)]];
    case 'expression':
      return [['expression', treeOf(node.value)]];
    case 'import':
      return [
        node.names === undefined ? ['import', node.module] : ['from', node.module, node.names.map(({ name, as }) => [name, as ?? null])],
      ];
    case 'function': {
      const parameters = node.parameters.map(({ name, takes, default: byDefault }) => [
        takes === 'keywords' ? `**${name}` : name,
        byDefault === undefined ? null : treeOf(byDefault),
      ]);
      return [['function', node.name, parameters, node.docstring ?? null, treesOf(node.body)]];
    }
    case 'with':
      return [['with', node.items.map(({ value, as }) => [treeOf(value), as === undefined ? null : ['name', as]]), treesOf(node.body)]];
    case 'if':
      return [['if', node.branches.map(({ test, body }) => [treeOf(test), treesOf(body)]), treesOf(node.otherwise)]];
    case 'for': {
      const names = node.targets.map((name) => ['name', name]);
      return [['for', names.length === 1 ? names[0] : ['tuple', names], treeOf(node.iterable), treesOf(node.body)]];
    }
    case 'return':
      return [['return', node.value === undefined ? null : treeOf(node.value)]];
    case 'try':
      return [['try', treesOf(node.body), ['name', node.exception], treesOf(node.handler)]];
    case 'comment':
    case 'blank':
      return [];
  }
}

/** A tree with the words of docstrings alone, which are printed with other spaces around them. */
export function withPlainDocstrings(tree: unknown): unknown {
  if (!Array.isArray(tree)) return tree;
  const isFunction = tree[0] === 'function' && tree.length === 5;
  return tree.map((part: unknown, index) => (isFunction && index === 3 ? wordsOf(part) : withPlainDocstrings(part)));
}

/** The lines of a docstring without the spaces around them. */
export function wordsOf(docstring: unknown): readonly string[] {
  if (typeof docstring !== 'string') return [];
  return docstring
    .split(/\r\n?|\n/)
    .map((line) => line.trim().replaceAll('\t', '    '))
    .filter((line) => line !== '');
}
