import { describe, expect, it } from 'vitest';
import type { Expression, Statement } from '../../../src/codegen/python/ast.ts';
import * as py from '../../../src/codegen/python/build.ts';
import { printModule } from '../../../src/codegen/python/print.ts';

const print = (statement: Statement): string => printModule(py.pythonModule([statement]));
const printed = (expression: Expression): string => print(py.expression(expression)).trimEnd();
const [a, b, c] = ['a', 'b', 'c'].map(py.name) as [Expression, Expression, Expression];
const long = py.name('long_name_of_something_that_takes_its_place');

describe('expressions', () => {
  it('are literals', () => {
    const literals = [
      py.str("it's"),
      py.num(-2),
      py.float(2),
      py.num(0.1),
      py.num(1e21),
      py.num(1e-7),
      py.bool(true),
      py.bool(false),
      py.none,
    ];
    expect(printed(py.list(literals))).toBe(
      '["it\'s", -2, 2.0, 0.1, 1000000000000000000000, 1e-07, True, False, None]'.replace('1e-07', '1e-7'),
    );
    expect(() => py.num(Number.NaN)).toThrow('NaN cannot be written as a number in Python.');
  });

  it('are names, attributes, subscripts and calls', () => {
    expect(printed(py.name('DeadlineReference.DAGRUN_QUEUED_AT'))).toBe('DeadlineReference.DAGRUN_QUEUED_AT');
    expect(printed(py.attribute(py.call(a, [b], { x: c, left_out: undefined }), 'output'))).toBe('a(b, x=c).output');
    expect(printed(py.subscript(a, py.tuple([b, c])))).toBe('a[b, c]');
    expect(printed(py.attribute(py.num(1), 'real'))).toBe('(1).real');
  });

  it('are lists, tuples and dicts, also empty', () => {
    expect(
      printed(py.list([py.list([]), py.tuple([]), py.dict([]), py.tuple([a]), py.tuple([a, b]), py.record({ x: a, y: undefined })])),
    ).toBe('[[], (), {}, (a,), (a, b), {"x": a}]');
  });

  it('have parentheses where operators bind less than their place asks for, and nowhere else', () => {
    expect(printed(py.binary('and', [py.binary('or', [a, b]), c]))).toBe('(a or b) and c');
    expect(printed(py.binary('or', [py.binary('and', [a, b]), c]))).toBe('a and b or c');
    expect(printed(py.binary('|', [a, py.binary('|', [b, c])]))).toBe('a | (b | c)');
    expect(printed(py.binary('&', [py.binary('|', [a, b]), c]))).toBe('(a | b) & c');
    expect(printed(py.not(py.compare(a, 'is not', py.none)))).toBe('not a is not None');
    expect(printed(py.compare(py.compare(a, '==', b), '==', c))).toBe('(a == b) == c');
    expect(printed(py.conditional(py.conditional(a, b, c), a, py.conditional(a, b, c)))).toBe('a if (b if a else c) else b if a else c');
    expect(printed(py.call(py.attribute(py.binary('%', [a, b]), 'x')))).toBe('(a % b).x()');
  });

  it('take one line for each item, with a comma at the end, where they are too long for one', () => {
    expect(printed(py.call(a, [long], { x: py.list([long, long, long]) }))).toMatchInlineSnapshot(`
      "a(
          long_name_of_something_that_takes_its_place,
          x=[
              long_name_of_something_that_takes_its_place,
              long_name_of_something_that_takes_its_place,
              long_name_of_something_that_takes_its_place,
          ],
      )"
    `);
  });

  it('are broken before operators, in parentheses where they have none', () => {
    expect(print(py.assign('x', py.binary('|', [long, py.binary('&', [long, a]), py.call(long, [py.str('of')])])))).toMatchInlineSnapshot(`
      "x = (
          long_name_of_something_that_takes_its_place
          | long_name_of_something_that_takes_its_place & a
          | long_name_of_something_that_takes_its_place("of")
      )
      "
    `);
  });

  it('count characters that are drawn twice as wide as two', () => {
    expect(printed(py.call(a, [py.str('日'.repeat(38)), py.str('123')]))).toMatch(/^a\("日+", "123"\)$/);
    expect(printed(py.call(a, [py.str('日'.repeat(38)), py.str('1234')]))).toMatch(/^a\(\n {4}"日+",\n {4}"1234",\n\)$/);
  });

  it('keep strings whole that are too long', () => {
    expect(printed(py.call(a, [py.str('x'.repeat(100))]))).toBe(`a(\n    "${'x'.repeat(100)}"\n)`);
  });
});
