import { describe, expect, it } from 'vitest';
import type { Explanation } from '../../../src/cli/explain/explanation.ts';
import { PLAYS } from '../plays-project.ts';
import { runCommand } from '../run-command.ts';
import { NOW, playsProject, storedPlays } from './stored-plays.ts';

async function explain(root: string, ...args: readonly string[]): Promise<Explanation> {
  const { exit, stdout } = await runCommand(root, ['explain', ...args, '--now', NOW, '--json']);
  expect(exit, stdout).toBe(0);
  return JSON.parse(stdout) as Explanation;
}

describe('spindle explain', () => {
  it('says why an asset is fresh, with its versions, inputs and checks', async () => {
    const { root } = await storedPlays();
    const explained = await explain(root, 'gold/songs');
    expect(explained).toMatchObject({
      action: 'skip',
      why: [`gold/songs is fresh: code, config and the input bronze/plays are unchanged since it was materialized at ${NOW}.`],
      materialized: { rows: 3, at: NOW },
      checks: [
        { check: 'every song has a name', result: 'passed' },
        { check: 'some song is popular', result: 'failed' },
      ],
    });
    const [input] = explained.inputs;
    expect(input).toEqual({ asset: 'bronze/plays', recorded: input?.present, present: expect.stringMatching(/^4-/), planned: null });
    const text = (await runCommand(root, ['explain', 'gold/songs', '--now', NOW])).stdout;
    expect(text).toMatch(/^gold\/songs {2}\(table, gold\.songs\)$/m);
    expect(text).toMatch(/^bronze\/plays +4-\w+ +4-\w+ +the same$/m);
    expect(text).toMatch(/^some song is popular +failed/m);
  });

  it('says why one is stale: its code, its config, an input, or that it never ran', async () => {
    const { root, write } = await storedPlays();
    expect((await explain(root, 'gold/days')).partitions).toEqual({ materialized: [], toRun: ['2026-01-01', '2026-01-02'], unlisted: 0 });
    expect((await explain(root, 'stream/plays', '--config', 'stream/plays.events=9')).why).toEqual([
      'stream/plays runs because its config changed: events 4 → 9.',
    ]);
    const behind = await explain(root, 'gold/songs', '--config', 'stream/plays.events=9');
    expect(behind).toMatchObject({ action: 'perhaps', inputs: [{ asset: 'bronze/plays', planned: 'perhaps' }] });
    write({ 'src/project.ts': PLAYS.replace('order by song', 'order by plays') });
    const [why] = (await explain(root, 'gold/songs')).why;
    expect(why).toMatch(/^gold\/songs runs because its code changed \(\w+ → \w+\)\.$/);
  });

  it('counts the partitions to run that are too many to be listed', async () => {
    const hours = PLAYS.replace("partitions.daily({ start: '2026-01-01' })", "partitions.hourly({ start: '2000-01-01T00:00Z' })");
    const { root, write } = playsProject();
    write({ 'src/project.ts': hours });
    const { toRun, unlisted } = (await explain(root, 'gold/days')).partitions ?? {};
    expect([toRun?.length, unlisted]).toEqual([100_000, (Date.parse(NOW) - Date.parse('2000-01-01')) / 3_600_000 - 100_000]);
    const text = (await runCommand(root, ['explain', 'gold/days', '--now', NOW])).stdout;
    expect(text).toMatch(/^to run +100,000 \(2000-01-01T00:00Z … .+\) and \d\d\d,\d\d\d more$/m);
  });

  it('explains one partition, and refuses what is none', async () => {
    const { root } = playsProject();
    await runCommand(root, ['materialize', '-s', 'gold/days', '-p', '2026-01-02']);
    expect(await explain(root, 'gold/days', '-p', '2026-01-02')).toMatchObject({
      partition: '2026-01-02',
      action: 'skip',
      why: [expect.stringMatching(/^gold\/days \[2026-01-02\] is fresh: code and config are unchanged since it was materialized/)],
    });
    expect((await explain(root, 'gold/days', '-p', '2026-01-01')).why).toEqual([
      'gold/days [2026-01-01] runs because it was never materialized.',
    ]);
    expect(await runCommand(root, ['explain', 'gold/songs', '-p', '2026-01-01'])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('error[PARTITION_UNSUPPORTED]: The asset gold/songs has no partitions'),
    });
  });

  it('answers from the record alone with --offline', async () => {
    const { root } = await storedPlays();
    const { exit, stdout } = await runCommand(root, ['explain', 'gold/songs', '--offline', '--now', NOW]);
    expect(exit).toBe(0);
    expect(stdout).toContain('gold/songs is fresh');
  });
});

describe('spindle check', () => {
  it('runs the checks that are functions against what is stored, and records them', async () => {
    const { root } = await storedPlays();
    const { exit, stdout } = await runCommand(root, ['check']);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^gold\/songs +every song has a name +passed/m);
    expect(stdout).toMatch(/^gold\/songs +some song is popular +warning .*\{"most":2\}$/m);
    expect(stdout).toContain('checks: 1 passed, 1 failed');
    expect((await runCommand(root, ['runs', 'show'])).stdout).toContain(
      '0 materialized, 0 fresh, 0 skipped, 0 failed; checks: 1 passed, 1 failed',
    );
  });

  it('ends with 1 where a check of severity error fails', async () => {
    const { root, write } = await storedPlays();
    write({ 'src/project.ts': PLAYS.replace("{ severity: 'warn' }", '{}') });
    const { exit, stdout } = await runCommand(root, ['check', '-s', 'gold/songs', '--json']);
    expect(exit).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'failed', checks: [{ passed: true }, { passed: false, metadata: { most: 2 } }] });
  });

  it('leaves out what is not stored, and says so', async () => {
    const { root } = playsProject();
    const { exit, stdout } = await runCommand(root, ['check']);
    expect({ exit, stdout }).toEqual({
      exit: 0,
      stdout: 'left out: gold/songs: nothing is stored of it yet\n\nNone of the selected assets has a check to run.\n',
    });
  });
});
