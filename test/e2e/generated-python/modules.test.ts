import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import * as py from '../../../src/codegen/python/build.ts';
import { printModule } from '../../../src/codegen/python/print.ts';
import { aDag } from '../../codegen/python/a-dag.ts';
import { anyExpression, anyModule, anyText } from '../../codegen/python/arbitrary.ts';
import { treeOf, treesOf, withPlainDocstrings, wordsOf } from './tree.ts';
import { readBack, ruff, samples } from './tools.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'spindle-python-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function folderOf(name: string, sources: readonly string[]): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder);
  await Promise.all(sources.map((source, index) => writeFile(join(folder, `${name}_${index}.py`), source)));
  return folder;
}

/** Rules about what a program does, which random ones break. */
const OF_MEANING = 'B,C4,E7,F50,F6,F81,F82,F84,PLE,PLR,PLW,RET,RUF0,SIM,UP031';

describe('a printed module', () => {
  it('is read by Python as the tree that it was printed from', async () => {
    const modules = samples(anyModule, 1000);
    const read = (await readBack({ modules: modules.map(printModule) })).modules as readonly [unknown, readonly unknown[]][];
    for (const [index, module] of modules.entries()) {
      const [docstring, body] = read[index] as [unknown, readonly unknown[]];
      const expected = treesOf(module.body);
      // What the printer imports comes first.
      expect(withPlainDocstrings(body.slice(body.length - expected.length))).toEqual(withPlainDocstrings(expected));
      expect(wordsOf(docstring)).toEqual(wordsOf(module.docstring));
    }
  });

  it('has parentheses wherever an expression needs them', async () => {
    const expressions = samples(anyExpression, 5000);
    const sources = expressions.map((expression) => printModule(py.pythonModule([py.assign('value', expression)])));
    const read = (await readBack({ modules: sources })).modules as readonly [unknown, readonly unknown[]][];
    expect(read.map(([, body]) => body.at(-1))).toEqual(expressions.map((each) => ['assign', ['name', 'value'], treeOf(each)]));
  });

  it('is left as it is by ruff, byte for byte', async () => {
    const modules = samples(anyModule, 1000).map(printModule);
    const docstrings = samples(anyText, 500).map((docstring) =>
      printModule(py.pythonModule([py.functionDef('notify', [], { docstring, body: [] })], { docstring })),
    );
    const folder = await folderOf('module', [...modules, ...docstrings]);
    expect(await ruff(folder, 'format', '--diff')).toBe('');
    expect(await ruff(folder, 'check', '--ignore', OF_MEANING, '--extend-select', 'PLR2044')).toBe('');
  });

  it('breaks none of the rules of ruff where it is a DAG', async () => {
    const folder = await folderOf('dag', [printModule(aDag(3))]);
    expect(await ruff(folder, 'format', '--diff')).toBe('');
    expect(await ruff(folder, 'check')).toBe('');
  });

  it('sorts its imports as ruff does', async () => {
    const name = fc.constantFrom(
      'a',
      'A',
      'AB',
      'Ab',
      'aB',
      'a1',
      'a10',
      'a2',
      'A_1',
      'B2',
      '_x',
      'MAX',
      'max',
      'Max',
      'x'.repeat(40),
      'y01',
      'y1',
    );
    const module = fc.constantFrom(
      'airflow',
      'airflow.sdk',
      'airflow.Sdk',
      'os',
      'os.path',
      'json',
      'pendulum',
      'Zeta',
      '__future__',
      'a10',
      'a9',
    );
    const line = fc.oneof(
      fc
        .tuple(module, fc.uniqueArray(fc.oneof(name, fc.tuple(name, name)), { minLength: 1, maxLength: 6 }))
        .map(([of, names]) => (of === '__future__' ? py.importFrom(of, ['annotations']) : py.importFrom(of, names))),
      module.filter((of) => of !== '__future__').map(py.importModule),
    );
    const modules = samples(fc.array(line, { minLength: 1, maxLength: 8 }), 1000).map((body) => printModule(py.pythonModule(body)));
    const folder = await folderOf('imports', modules);
    expect(await ruff(folder, 'check', '--select', 'I')).toBe('');
    expect(await ruff(folder, 'format', '--diff')).toBe('');
  });
});
