import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands/index.ts';
import { runCommand } from './run-command.ts';

const here = import.meta.dirname;

describe('the command line', () => {
  it('shows every command with --help, and each command its examples', async () => {
    const { exit, stdout } = await runCommand(here, ['--help']);
    expect(exit).toBe(0);
    for (const { name, describe: description, load } of COMMANDS) {
      expect(stdout).toMatch(new RegExp(`${name} +${description}`));
      const command = await load();
      expect(command.command.split(' ')[0]).toBe(name);
      expect(command.describe).toBe(description);
      const help = await runCommand(here, [name, '--help']);
      expect(help.exit).toBe(0);
      expect(help.stdout).toMatch(/--json/);
      expect(help.stdout).toMatch(/Examples:\n +spindle /);
    }
  });

  it('ends with 2 and suggestions where it is used wrongly', async () => {
    const wrong: readonly (readonly [readonly string[], RegExp])[] = [
      [[], /^Spindle: /],
      [['--json'], /"code": "USAGE"/],
      [['lst'], /There is no command "lst"\. Did you mean list\?/],
      [['list', '--selct', 'x'], /spindle list has no option --selct\. Did you mean --select\?/],
      [['list', '--no-colour'], /has no option --no-colour\. Did you mean --no-color\?/],
      [['list', '-x'], /has no option -x\./],
      [['list', 'extra'], /spindle list does not take the argument "extra"/],
      [['list', '--select'], /Not enough arguments following: select/],
      [['graph', '--format', 'png'], /Given: "png", Choices: "text", "mermaid", "dot", "json", "svg"/],
    ];
    for (const [argv, message] of wrong) {
      const { exit, stdout, stderr } = await runCommand(here, argv);
      expect(stdout + stderr).toMatch(message);
      expect(exit, argv.join(' ')).toBe(2);
    }
  });

  it('shows an error as one JSON object on standard output with --json', async () => {
    const { exit, stdout, stderr } = await runCommand('/', ['list', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'PROJECT_NOT_FOUND' } });
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: '' });
  });

  it('ends quietly when the reader of its output goes away', async () => {
    const child = spawn(process.execPath, [join(here, '../../bin/spindle.js'), '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    const complaints: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
    const [exit] = (await once(child, 'close')) as [number];
    expect({ exit, stderr: Buffer.concat(complaints).toString() }).toEqual({ exit: 0, stderr: '' });
  });
});
