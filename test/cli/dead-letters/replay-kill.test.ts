import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { FAULT_POINTS } from '../../../src/runtime/resource/faults.ts';
import { seededRandom } from '../../../src/runtime/run/random.ts';
import { startCli } from '../run-cli.ts';
import { clicksFiles, clickModule, contentOf, expectEveryRecordOnce, NOW, SCHEMA, spindle } from './clicks-project.ts';

const RECORDS = 12;
const MANIFEST = JSON.stringify({ name: 'clicks', type: 'module', spindle: { project: 'src/project.ts' } });
const REPLAY = ['dead-letters', 'replay', '--yes', '--json', '--now', NOW] as const;

/** What a replay passes on its way: its own points, those of the load, and each time that the run is recorded. */
const POINTS = FAULT_POINTS.filter((point) => /^(replay|load)\./.test(point));
const RECORDINGS = [1, 2, 3].flatMap((hit) => [`record.before-append@${hit}`, `record.after-append@${hit}`]);

/** Whether the table has a schema of its own, and is not rebuilt for a replay. */
type Table = 'own' | 'rebuilt';
const KILLS: readonly { readonly fault: string; readonly table: Table }[] = [
  ...[...POINTS, ...RECORDINGS].map((fault) => ({ fault, table: 'own' as const })),
  ...POINTS.map((fault) => ({ fault, table: 'rebuilt' as const })),
];

/** Projects whose records are landed and loaded, by what a copy is to be. */
const templates = mkdtempSync(join(tmpdir(), 'spindle-replay-'));
let expected: unknown;

beforeAll(async () => {
  for (const [name, clicks] of [
    ['own', { schema: SCHEMA.narrow, ownTable: true }],
    ['rebuilt', { schema: SCHEMA.narrow }],
    ['right', { schema: SCHEMA.right }],
  ] as const) {
    const root = join(templates, name);
    for (const [path, text] of Object.entries({ 'package.json': MANIFEST, ...clicksFiles(clicks) })) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    await spindle(root, 'materialize', '--now', NOW);
  }
  expected = await contentOf(join(templates, 'right'));
});
afterAll(() => rmSync(templates, { recursive: true, force: true }));

/** A project whose schema was put right after its records were loaded. */
function mendedClicks(table: Table): string {
  const root = mkdtempSync(join(tmpdir(), 'spindle-replay-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  cpSync(join(templates, table), root, { recursive: true });
  writeFileSync(join(root, 'src/click.ts'), clickModule(SCHEMA.right));
  return root;
}

const replay = (root: string, env: Readonly<Record<string, string>> = {}) => startCli(root, REPLAY, env);

/** Replays to the end, and looks at what there is. */
async function finish(root: string): Promise<void> {
  const { exit, stdout, stderr } = await replay(root).ended;
  expect(exit, stdout + stderr).toBe(0);
  await expectEveryRecordOnce(root, RECORDS);
  expect(await contentOf(root)).toEqual(expected);
}

describe('a replay that is killed', () => {
  for (const { fault, table } of KILLS) {
    it(`at ${fault} is finished by the same command, which ${table === 'own' ? 'loads' : 'rebuilds'} the table`, async () => {
      const root = mendedClicks(table);
      const log = join(root, 'fault.log');
      const { signal, stdout, stderr } = await replay(root, { SPINDLE_FAULT: fault, SPINDLE_FAULT_LOG: log }).ended;
      expect(signal, stdout + stderr).toBe('SIGKILL');
      expect(readFileSync(log, 'utf8')).toBe(`fault hit: ${fault.includes('@') ? fault : `${fault}@1`}\n`);
      await expectEveryRecordOnce(root, RECORDS);
      await finish(root);
    });
  }

  it('at any moment is finished by the same command, and by any later run of the table', async () => {
    const random = seededRandom(7, 'replay-kill');
    let kills = 0;
    for (let attempt = 0; attempt < 3; attempt++) {
      const root = mendedClicks('own');
      const { child, ended } = replay(root);
      const timer = setTimeout(() => child.kill('SIGKILL'), 300 + random() * 1_500);
      const { signal } = await ended;
      clearTimeout(timer);
      if (signal === 'SIGKILL') kills++;
      await expectEveryRecordOnce(root, RECORDS);
      await spindle(root, 'materialize', '-s', 'bronze/clicks', '--now', NOW);
      await expectEveryRecordOnce(root, RECORDS);
      await finish(root);
    }
    expect(kills).toBeGreaterThan(0);
  });
});

describe('replays at once', () => {
  it('make one row of each record, and all of them succeed', async () => {
    const root = mendedClicks('own');
    const outcomes = await Promise.all([1, 2, 3].map(() => replay(root).ended));
    for (const { exit, stdout, stderr } of outcomes) expect(exit, stdout + stderr).toBe(0);
    await expectEveryRecordOnce(root, RECORDS);
    expect(await contentOf(root)).toEqual(expected);
  });
});
