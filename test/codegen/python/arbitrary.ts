import * as fc from 'fast-check';
import type { Branch, Expression, Module, Statement } from '../../../src/codegen/python/ast.ts';
import * as py from '../../../src/codegen/python/build.ts';

/** What Python, Jinja, shells and formatters treat in some way of their own. */
const HARD = [
  '"',
  "'",
  '\\',
  '\n',
  '\r',
  '\t',
  '{{',
  '{%',
  '{#',
  '}}',
  '%}',
  '#}',
  '{',
  '"""',
  "'''",
  '\\N{DASH}',
  '\\x',
  ' ',
  '.sh',
  '$',
  '`',
  '!',
];
const STRANGE = [
  '\0',
  '\u0007',
  '\u001b',
  '\u007f',
  '\u0085',
  '\u00a0',
  '\u00ad',
  '\u200b',
  '\u202e',
  '\u2028',
  '\u2029',
  '\ufeff',
  '\ud800',
  '\udfff',
];
const WIDE = ['日本', 'é', 'e\u0301', '한', '🎵', '\u{1f469}\u{200d}\u{1f680}', 'ß', 'ﷺ', '\u{10ffff}', '\u{e0041}', 'ー', '٣'];

/** Any text, often one that is hard to quote. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc
    .array(fc.oneof(fc.constantFrom(...HARD, ...STRANGE, ...WIDE), fc.string({ maxLength: 4 })), { maxLength: 12 })
    .map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 }).map((codes) => String.fromCharCode(...codes)),
);

const words = fc.array(fc.constantFrom('plays', 'of', 'a', 'listener', 'per "day"', "it's", '日本', 'back\\slash', 'x'.repeat(30)), {
  maxLength: 10,
});
const shortText = fc.oneof({ weight: 6, arbitrary: words.map((some) => some.join(' ')) }, { weight: 1, arbitrary: anyText });
const lines = fc.array(shortText, { minLength: 1, maxLength: 4 }).map((some) => some.join('\n'));

/** Names that {@link anyModule} binds before anything else. */
const NAMES = ['a', 'dag', 'bronze_plays', 'silver_listening_events_by_day', `long_${'name_'.repeat(12)}end`];
const boundName = fc.constantFrom(...NAMES).map(py.name);
const attributeName = fc.constantFrom('x', 'output', 'upstream_task_ids', `long_${'attribute_'.repeat(4)}end`);
const keywordName = fc.constantFrom('dag_id', 'schedule', 'task_id', 'x', 'default_args', `long_${'keyword_'.repeat(4)}end`);
const importedName = fc.constantFrom(
  py.imported('airflow.sdk', 'DAG'),
  py.imported('airflow.sdk', 'Asset'),
  py.imported('airflow.sdk', 'task_group'),
  py.imported('airflow.sdk', 'MAX_TRIES'),
  py.imported('airflow.providers.standard.operators.bash', 'BashOperator'),
  py.imported('datetime', 'datetime'),
  py.imported('datetime', 'timedelta'),
  py.imported('json', 'loads'),
  py.importedModule('pendulum'),
  py.importedModule('os.path'),
  py.imported('airflow.sdk', 'TaskGroup', { module: 'airflow.utils.task_group', name: 'TaskGroup' }),
  py.imported('airflow.sdk', 'Dataset', { module: 'airflow.datasets', name: 'Thing' }),
);
const number = fc.oneof(
  fc.integer({ min: -5, max: 5 }).map(py.num),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(py.num),
  fc.constantFrom(1e21, 1e-7, 2 ** 53, -0, 0.1, 1e300).map(py.num),
  fc.integer({ min: -5, max: 5 }).map(py.float),
);
const operator = fc.constantFrom('or', 'and', '|', '&', '<<', '>>', '+', '-', '%' as const);
const comparison = fc.constantFrom('==', '!=', '<', '<=', '>', '>=', 'is', 'is not', 'in', 'not in' as const);

const { expression } = fc.letrec<{ expression: Expression }>((tie) => {
  const inner = tie('expression');
  const items = fc.array(inner, { maxLength: 4 });
  const keywords = fc.dictionary(keywordName, inner, { maxKeys: 4, noNullPrototype: true });
  const leaf: fc.Arbitrary<Expression> = fc.oneof(
    { weight: 4, arbitrary: boundName },
    { weight: 4, arbitrary: shortText.map(py.str) },
    { weight: 2, arbitrary: importedName },
    { weight: 2, arbitrary: number },
    fc.boolean().map(py.bool),
    fc.constant(py.none),
  );
  return {
    expression: fc.oneof(
      { maxDepth: 5, depthSize: 'small', withCrossShrink: true },
      { weight: 6, arbitrary: leaf },
      { weight: 5, arbitrary: fc.tuple(inner, items, keywords).map(([func, args, named]) => py.call(func, args, named)) },
      {
        weight: 4,
        arbitrary: fc.tuple(fc.oneof(boundName, importedName), items, keywords).map(([func, args, named]) => py.call(func, args, named)),
      },
      { weight: 2, arbitrary: items.map(py.list) },
      { weight: 1, arbitrary: items.map(py.tuple) },
      { weight: 2, arbitrary: fc.array(fc.tuple(inner, inner), { maxLength: 4 }).map(py.dict) },
      { weight: 3, arbitrary: fc.tuple(inner, attributeName).map(([value, name]) => py.attribute(value, name)) },
      { weight: 1, arbitrary: fc.tuple(inner, inner).map(([value, index]) => py.subscript(value, index)) },
      {
        weight: 3,
        arbitrary: fc.tuple(operator, fc.array(inner, { minLength: 2, maxLength: 4 })).map(([by, some]) => py.binary(by, some)),
      },
      { weight: 1, arbitrary: fc.tuple(inner, comparison, inner).map(([left, by, right]) => py.compare(left, by, right)) },
      { weight: 1, arbitrary: inner.map(py.not) },
      { weight: 1, arbitrary: fc.tuple(inner, inner, inner).map(([test, value, otherwise]) => py.conditional(test, value, otherwise)) },
      { weight: 1, arbitrary: lines.map(py.text) },
    ),
  };
});

/** A tree of expressions of every kind. */
export const anyExpression: fc.Arbitrary<Expression> = expression;

const target = fc.oneof(
  boundName,
  fc.tuple(boundName, attributeName).map(([value, name]) => py.attribute(value, name)),
);
const variable = fc.constantFrom('first', 'second', `long_${'variable_'.repeat(4)}end`);

const { statements } = fc.letrec<{ statements: readonly Statement[] }>((tie) => {
  const body = tie('statements');
  const branch: fc.Arbitrary<Branch> = fc.record({ test: anyExpression, body });
  const simple: fc.Arbitrary<Statement> = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(target, anyExpression).map(([to, value]) => py.assign(to, value)) },
    { weight: 4, arbitrary: anyExpression.map(py.expression) },
    fc.constantFrom('The plays of a day.', 'fmt: off', 'noqa', 'type: ignore', 'coding: utf-8', '', '!x', 'two\n\nparts\n').map(py.comment),
    fc.constant(py.blank),
  );
  // A tuple would be read as several items.
  const manager = anyExpression.filter(({ kind }) => kind !== 'tuple');
  const item = fc.tuple(manager, fc.option(variable, { nil: undefined })).map(([value, as]) => py.withItem(value, as));
  const parameters = fc
    .tuple(fc.uniqueArray(variable, { maxLength: 3 }), fc.option(anyExpression, { nil: undefined }), fc.boolean())
    .map(([names, byDefault, rest]) => [
      ...names.map((name) => py.parameter(name, byDefault)),
      ...(rest ? [py.keywordParameters('context')] : []),
    ]);
  const def = fc
    .tuple(
      fc.constantFrom('notify', 'wait'),
      parameters,
      fc.record({ docstring: lines.map((words) => `Of ${words}`), body: fc.tuple(body, anyExpression) }),
    )
    .map(
      ([
        name,
        some,
        {
          docstring,
          body: [inside, value],
        },
      ]) => py.functionDef(name, some, { docstring, body: [...inside, py.returns(value)] }),
    );
  const compound: fc.Arbitrary<Statement> = fc.oneof(
    fc.tuple(fc.array(item, { minLength: 1, maxLength: 3 }), body).map(([items, inside]) => py.withBlock(items, inside)),
    fc.tuple(fc.array(branch, { minLength: 1, maxLength: 3 }), body).map(([branches, otherwise]) => py.ifBlock(branches, otherwise)),
    fc
      .tuple(fc.uniqueArray(variable, { minLength: 1, maxLength: 2 }), anyExpression, body)
      .map(([targets, over, inside]) => py.forBlock(targets, over, inside)),
    fc
      .tuple(body, body)
      .map(([some, handler]) =>
        py.tryImport([py.importFrom('loguru', ['logger']), py.expression(py.call(py.name('logger'))), ...some], handler),
      ),
    def,
  );
  return {
    statements: fc.array(
      fc.oneof({ maxDepth: 2, depthSize: 'small' }, { weight: 3, arbitrary: simple }, { weight: 1, arbitrary: compound }),
      {
        maxLength: 4,
      },
    ),
  };
});

/** A module of statements of every kind. */
export const anyModule: fc.Arbitrary<Module> = fc
  .record({
    body: statements,
    // Without one, the first statement has to be no string, which would be one.
    docstring: fc.option(
      lines.map((words) => `Of ${words}`),
      { nil: undefined },
    ),
    header: fc.constantFrom([], ['Generated by spindle generate airflow.', 'coding: latin-1']),
    binds: fc.boolean(),
  })
  .map(({ body, docstring, header, binds }) => {
    const bound = binds || docstring === undefined ? NAMES.map((name) => py.assign(name, py.none)) : [];
    return py.pythonModule([...bound, ...body], { header, ...(docstring !== undefined && { docstring }) });
  });
