import { describe, expect, it } from 'vitest';
import { asset, check, defineProject, job, value, type Asset } from 'spindle';
import { production } from './environment.ts';
import { dagOf } from './exported.ts';

const store = value<number>();
const project = (assets: readonly Asset[], checks: Parameters<typeof defineProject>[0]['checks'] = []) =>
  defineProject({ name: 'shop', assets, checks, jobs: [job('all', { select: '**' })], environments: { production } });
const groupsOf = (of: ReturnType<typeof project>) => Object.fromEntries(dagOf(of).tasks.map(({ id, group }) => [id, group?.id]));

describe('task groups', () => {
  it('hold the tasks of a group with their checks, and no task of several groups', () => {
    const a = asset('a', { group: 'core', store }).run(() => 1);
    const memory = asset('m', { group: 'core', deps: { a } }).run(() => 1);
    const b = asset('b', { group: 'gold', deps: { memory }, store }).run(() => 1);
    expect(groupsOf(project([a, memory, b], [check(a, 'is one').run(() => ({ passed: true }))]))).toEqual({
      a: 'core',
      a__check__is_one: 'core',
      b: undefined,
    });
  });

  it('are divided where they would wait for each other', () => {
    const a = asset('a', { group: 'core', store }).run(() => 1);
    const b = asset('b', { group: 'science', store, deps: { a } }).run(() => 1);
    const c = asset('c', { group: 'core', store, deps: { b } }).run(() => 1);
    const { tasks } = dagOf(project([a, b, c]));
    expect(tasks.map(({ group }) => group)).toEqual([
      { id: 'core', label: 'core' },
      { id: 'science', label: 'science' },
      { id: 'core_2', label: 'core (2)' },
    ]);
  });

  it('are called otherwise than every task', () => {
    const a = asset('core', { group: 'core', store }).run(() => 1);
    const b = asset('core_group', { group: 'core', store }).run(() => 1);
    const c = asset('c', { store }).run(() => 1);
    expect(groupsOf(project([a, b, c]))).toEqual({ core: 'core_group_group', core_group: 'core_group_group', c: undefined });
  });

  it('are left out where one would hold all tasks', () => {
    const a = asset('a', { group: 'core', store }).run(() => 1);
    const b = asset('b', { group: 'core', store, deps: { a } }).run(() => 1);
    expect(groupsOf(project([a, b]))).toEqual({ a: undefined, b: undefined });
  });

  it('have names that Airflow takes, each its own', () => {
    const names = ['ä', 'ö', 'a.b', 'a_b', 'x'.repeat(300), `${'x'.repeat(300)}y`, '-', '.'];
    const groups = dagOf(project(names.map((group, index) => asset(`k${index}`, { group, store }).run(() => 1)))).tasks.map(
      ({ group }) => group,
    );
    expect(new Set(groups.map((group) => group?.id)).size).toBe(names.length);
    for (const [index, group] of groups.entries()) {
      expect(group?.id).toMatch(/^[\w-]{1,200}$/);
      expect(group?.label).toBe(names[index]);
    }
  });
});
