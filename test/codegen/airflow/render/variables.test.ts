import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asset, defineProject, job, value } from 'spindle';
import { assetKeys, variablesOf } from '../../../../src/codegen/airflow/render/variables.ts';
import { production } from '../environment.ts';
import { dagOf, exported } from '../exported.ts';

const store = value<number>();
const project = (keys: readonly string[]) =>
  defineProject({
    name: 'p',
    assets: keys.map((key) => asset(key, { store }).run(() => 1)),
    jobs: [job('all', { select: '**', airflow: { onFailure: 'company.alerts.notify' } })],
    environments: { production },
  });

function namesOf(keys: readonly string[]) {
  const dag = dagOf(project(keys));
  const { assets, tasks } = variablesOf(dag, assetKeys(dag));
  return { assets: Object.fromEntries(assets), tasks: Object.fromEntries(tasks) };
}

describe('the variables of a DAG file', () => {
  it('are the keys where these can be variables', () => {
    expect(namesOf(['bronze/plays'])).toEqual({ assets: { 'bronze/plays': 'BRONZE_PLAYS' }, tasks: { bronze__plays: 'bronze__plays' } });
  });

  it('keep keys apart that look alike as identifiers', () => {
    const { assets, tasks } = namesOf(['a-b', 'a.b', 'a_b', 'a_b_2', 'a_b__2', 'a_b__3']);
    expect(tasks).toEqual({ 'a-b': 'a_b_3', 'a.b': 'a_b_4', a_b: 'a_b', a_b_2: 'a_b_2', a_b__2: 'a_b__2', a_b__3: 'a_b__3' });
    expect(new Set(Object.values(assets)).size).toBe(6);
  });

  it('are no keywords, builtins, imported names or names of the file itself', () => {
    const { assets, tasks } = namesOf([
      'class',
      'None',
      'print',
      'dag',
      'json',
      'report',
      'notify',
      'Asset',
      'BashOperator',
      'l',
      'O',
      'spindle',
    ]);
    expect(tasks).toEqual({
      class: 'class_',
      None: 'none',
      print: 'print_',
      dag: 'dag_',
      json: 'json_',
      report: 'report_',
      notify: 'notify_',
      Asset: 'asset',
      BashOperator: 'bashoperator',
      l: 'l_',
      O: 'o',
      spindle: 'spindle',
    });
    expect(assets).toMatchObject({ dag: 'DAG_', spindle: 'SPINDLE_', O: 'O_', l: 'L' });
  });

  it('are all different, whatever the keys', () => {
    const key = fc
      .array(fc.constantFrom('a', 'A', '1', '_', '-', '.', '__', '2', 'dag', 'x'.repeat(90)), { minLength: 1, maxLength: 5 })
      .map((parts) => parts.join(''));
    const keys = fc.uniqueArray(
      key.filter((text) => !/^\.+$/.test(text)),
      { minLength: 1, maxLength: 10, selector: (text) => text.toLowerCase() },
    );
    fc.assert(
      fc.property(keys, (of) => {
        fc.pre(exported(project(of)).problems.length === 0);
        const { assets, tasks } = namesOf(of);
        const all = [...Object.values(assets), ...Object.values(tasks)];
        expect(new Set(all).size).toBe(all.length);
        for (const name of all) expect(name).toMatch(/^[A-Za-z_]\w*$/);
      }),
    );
  });
});
