import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builder, command, describe as description, handler, passesOn } from '../../src/cli/commands/dbt.ts';
import { ownWordsFirst } from '../../src/cli/own-words.ts';
import { parseArguments } from '../../src/cli/parse-arguments.ts';

async function parse(...words: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const parsed = await parseArguments({ command, describe: description, builder, handler, passesOn }, ['dbt', ...words], 100);
  if (parsed.kind === 'help') throw new Error(parsed.text);
  return parsed.args;
}

describe('the words of spindle dbt', () => {
  it('are its own options wherever they stand, and for the rest dbt’s, as they were typed', async () => {
    expect(await parse('build', '--env', 'prod', '-s', 'a+', '--vars', '{ x: 01 }', '--dbt-project=shop', '--json')).toMatchObject({
      env: 'prod',
      dbtProject: 'shop',
      json: true,
      '--': ['build', '-s', 'a+', '--vars', '{ x: 01 }'],
    });
    expect(await parse('--env=prod', '--no-use-colors', 'ls', '--', '--env', 'x', '--help')).toMatchObject({
      env: 'prod',
      '--': ['--no-use-colors', 'ls', '--env', 'x', '--help'],
    });
  });

  it('ask for its own help before a command of dbt, and for dbt’s behind one', async () => {
    await expect(parse('--help')).rejects.toThrow('spindle dbt build --select');
    expect(await parse('ls', '--help')).toMatchObject({ '--': ['ls', '--help'] });
  });

  it('are refused where an own option lacks its value, or is given twice', async () => {
    await expect(parse('ls', '--env')).rejects.toMatchObject({ code: 'USAGE' });
    await expect(parse('ls', '--env', 'a', '--env', 'b')).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('are all kept, in order, whatever they are', () => {
    const word = fc.oneof(fc.string(), fc.constantFrom('--env', '--env=x', '--json', '--help', 'build', '-s', '--'));
    fc.assert(
      fc.property(fc.array(word), (words) => {
        const [, ...sorted] = ownWordsFirst(['dbt', ...words], passesOn);
        const all = (list: readonly string[]) => list.filter((each) => each !== '--').toSorted();
        expect(all(sorted)).toEqual(all(words));
        const passed = sorted.includes('--') ? sorted.slice(sorted.indexOf('--') + 1) : [];
        let at = -1;
        for (const each of passed) expect((at = words.indexOf(each, at + 1))).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
