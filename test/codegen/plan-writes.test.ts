import { describe, expect, it } from 'vitest';
import { generatedFile, generatedJson, type GeneratedFile } from '../../src/codegen/generated-file.ts';
import { planWrites, type WriteRequest } from '../../src/codegen/plan-writes.ts';

const OWNER = { generator: 'airflow', project: 'spotify' };
const file = (path: string, text = path, owner = OWNER): GeneratedFile =>
  generatedFile({ path, comment: '#', text }, { ...owner, edit: 'src/project.ts', command: 'npx spindle generate airflow' });
const edited = (path: string) => `${file(path).text}edited\n`;

/** What is done with each file, as `path: state, action`. */
const plan = (wanted: readonly GeneratedFile[], found: Readonly<Record<string, string>>, more: Partial<WriteRequest> = {}) =>
  planWrites({ wanted, found: new Map(Object.entries(found)), owner: OWNER, force: false, ...more }).map(
    ({ path, state, action }) => `${path}: ${state}, ${action}`,
  );

describe('the plan of what to write', () => {
  const wanted = [file('d'), file('c'), file('b'), file('a')];
  const found = { a: file('a').text, b: file('b', 'before').text, c: edited('c'), e: file('e').text, f: edited('f'), g: 'mine', d: 'mine' };

  it('keeps, writes, removes and refuses, in the order of the paths, and passes over what others made', () => {
    expect(plan(wanted, found)).toEqual([
      'a: same, keep',
      'b: outdated, write',
      'c: edited, refuse',
      'd: foreign, refuse',
      'e: stale, remove',
      'f: edited, refuse',
    ]);
  });

  it('refuses nothing by force, and still passes over what others made', () => {
    expect(plan(wanted, found, { force: true })).toEqual([
      'a: same, keep',
      'b: outdated, write',
      'c: edited, write',
      'd: foreign, write',
      'e: stale, remove',
      'f: edited, remove',
    ]);
  });

  it('removes a stale file with other line endings, and none of another project, another generator, or a name with the same beginning', () => {
    const others = [
      { ...OWNER, project: 'other' },
      { ...OWNER, project: 'spotify 2' },
      { ...OWNER, project: 'Spotify' },
      { ...OWNER, generator: 'docs' },
    ];
    const found = Object.fromEntries(others.map((owner, index) => [`${index}`, file('x', 'x', owner).text]));
    expect(plan([], { ...found, stale: file('x').text.replaceAll('\n', '\r\n') }, { force: true })).toEqual(['stale: stale, remove']);
  });

  it('knows a project by its name, whatever is in it', () => {
    for (const project of ['', ' ', 'a b', 'a\nb', '-->', 'π', '\ud800', '%20']) {
      const owner = { generator: 'airflow', project };
      const json = generatedJson({ path: 'j', value: {} }, { ...owner, edit: '', command: '' });
      expect(plan([], { a: file('a', 'x', owner).text, j: json.text }, { owner })).toEqual(['a: stale, remove', 'j: stale, remove']);
    }
  });

  it('refuses two files of one path, or of two that a disk may take for one', () => {
    expect(() => plan([file('a'), file('a')], {})).toThrow('Two generated files have the path a');
    expect(() => plan([file('dags/a.py'), file('dags/A.py')], {})).toThrow('differ only by case');
  });

  it('removes a file whose name changed by case', () => {
    expect(plan([file('a')], { A: file('A').text })).toEqual(['A: stale, remove', 'a: missing, write']);
  });
});
