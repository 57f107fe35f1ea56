import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PartitionStatus } from '../../../src/cli/landing/status.ts';
import { runCommand } from '../run-command.ts';
import { NOW, playsProject, storedPlays } from './stored-plays.ts';

describe('spindle landing', () => {
  it('shows the end of each chain, the end at the broker, and the lag', async () => {
    const { root } = await storedPlays();
    await runCommand(root, ['materialize', '-s', 'stream/plays', '--now', NOW, '--config', 'stream/plays.events=6']);
    const { stdout } = await runCommand(root, ['landing', '--json']);
    const statuses = JSON.parse(stdout) as readonly PartitionStatus[];
    expect(statuses.map(({ partition, incarnation, landed, end, lag }) => ({ partition, incarnation, landed, end, lag }))).toEqual([
      { partition: 0, incarnation: 1, landed: 2, end: 5, lag: 3 },
      { partition: 1, incarnation: 1, landed: 2, end: 5, lag: 3 },
    ]);
    expect((await runCommand(root, ['landing', 'status', 'stream/plays'])).stdout.split('\n')[1]).toMatch(
      /^lake\/plays +plays +0 +1 +2 +5 +3$/,
    );
  });

  it('says that a topic is not there yet, and writes nothing', async () => {
    const { root } = playsProject();
    expect((await runCommand(root, ['landing'])).stdout).toBe('lake/plays: the topic plays is not there yet.\n');
  });

  it('begins the next incarnation after a topic was created anew, as the error says', async () => {
    const { root } = await storedPlays();
    rmSync(join(root, '.spindle/local/broker'), { recursive: true });
    const land = ['materialize', '-s', 'stream/plays+', '--now', NOW, '--force', '--config', 'stream/plays.events=1'];
    const refused = await runCommand(root, land);
    expect(refused.exit).toBe(1);
    expect(refused.stdout).toContain('error[TOPIC_RECREATED] lake/plays: The topic plays was created anew');
    const [, remedy = ''] = /: spindle (landing restart \S+)\. Nothing/.exec(refused.stdout) ?? [];
    const unconfirmed = await runCommand(root, remedy.split(' '));
    expect(unconfirmed).toMatchObject({ exit: 2, stderr: expect.stringContaining('Confirm with --yes.') });
    const restarted = await runCommand(root, [...remedy.split(' '), '--yes']);
    expect(restarted).toMatchObject({
      exit: 0,
      stdout:
        'lake/plays: incarnation 2 of plays has begun. Land the topic from its start: spindle materialize --force --select lake/plays\n',
    });
    expect((await runCommand(root, land)).exit).toBe(0);
    const { stdout } = await runCommand(root, ['landing', '--json']);
    expect((JSON.parse(stdout) as readonly PartitionStatus[]).every(({ incarnation, lag }) => incarnation === 2 && lag === 0)).toBe(true);
    const [{ plays } = { plays: 0 }] = JSON.parse(
      (await runCommand(root, ['query', 'select count(*) as plays from bronze.plays', '--json'])).stdout,
    ) as readonly { plays: number }[];
    expect(plays).toBe(5);
  });

  it('suggests the topic that was meant', async () => {
    const { root } = playsProject();
    expect(await runCommand(root, ['landing', 'restart', 'play', '--yes'])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('error[ASSET_UNKNOWN]: Nothing lands a topic "play". Did you mean plays'),
    });
    expect(await runCommand(root, ['landing', 'restart'])).toMatchObject({ exit: 2, stderr: expect.stringContaining('Which topic') });
  });
});
