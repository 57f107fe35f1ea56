import { PassThrough } from 'node:stream';
import { createOutput } from '../../src/cli/output.ts';
import { run } from '../../src/cli/run.ts';

export interface CommandOutcome {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, without a terminal, in a folder and with no environment variables but the given ones. */
export async function runCommand(cwd: string, argv: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CommandOutcome> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const output = createOutput({ stdout: stdout as never, stderr: stderr as never }, env, argv.includes('--no-color'));
  const exit = await run({ argv, cwd, env, output });
  return { exit, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}
