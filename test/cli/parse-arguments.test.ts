import { describe, expect, it } from 'vitest';
import { command, describe as description, handler, builder } from '../../src/cli/commands/materialize.ts';
import { parseArguments } from '../../src/cli/parse-arguments.ts';

async function parse(...argv: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const parsed = await parseArguments({ command, describe: description, builder, handler }, ['materialize', ...argv], 100);
  if (parsed.kind === 'help') throw new Error(parsed.text);
  return parsed.args;
}

const expectRefusal = async (argv: readonly string[], message: string) =>
  expect(parse(...argv), argv.join(' ')).rejects.toMatchObject({
    code: 'USAGE',
    message,
    remedy: 'Run: spindle materialize --help',
  });

describe('options', () => {
  it('that may be repeated are collected, each with one value', async () => {
    expect(await parse('--config', 'a.x=1', '--force', '--config', 'b.y=2')).toMatchObject({ config: ['a.x=1', 'b.y=2'], force: true });
    expect(await parse('--config=a.x=1')).toMatchObject({ config: ['a.x=1'] });
    await expectRefusal(['--config', 'a.x=1', 'b.y=2'], 'spindle materialize does not take the argument "b.y=2".');
  });

  it('that take one value are refused a second time, by their names', async () => {
    await expectRefusal(['--select', 'a', '-s', 'b'], '--select is given more than once, and takes one value.');
    await expectRefusal(['--job', 'a', '--job=b'], '--job is given more than once, and takes one value.');
    await expectRefusal(['--concurrency', '1', '--concurrency', '2'], '--concurrency is given more than once, and takes one value.');
  });

  it('that are numbers take whole numbers in their range', async () => {
    expect(await parse('--concurrency', '8', '--seed', '0')).toMatchObject({ concurrency: 8, seed: 0 });
    for (const text of ['x', '0', '1.5', '1e3', '', '0x10', '99999999999999999999'])
      await expectRefusal([`--concurrency=${text}`], `--concurrency takes a whole number from 1 on, and not "${text}".`);
    await expectRefusal(['--concurrency=-2'], '--concurrency takes a whole number from 1 on, and not "-2".');
    await expectRefusal(['--seed=-1'], '--seed takes a whole number from 0 on, and not "-1".');
  });

  it('that are instants take ISO 8601 with a zone, of days that exist', async () => {
    expect(await parse('--now', '2026-01-31T09:00+01:00')).toMatchObject({ now: '2026-01-31T08:00:00.000Z' });
    for (const text of ['now', '2026-01-31', '2026-01-31T08:00:00', '2026-02-30T08:00:00Z', '2026-01-31T25:00:00Z'])
      await expectRefusal(['--now', text], `--now takes an ISO instant with its zone, such as 2026-01-31T08:00:00Z, and not "${text}".`);
  });
});
