import { PassThrough } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { createOutput } from '../../../src/cli/output.ts';
import { createRedactor } from '../../../src/cli/redact.ts';
import { runStream } from '../../../src/cli/stream/run-stream.ts';
import { SpindleError } from '../../../src/runtime/errors.ts';
import { temporaryProject } from '../../project/temporary-project.ts';
import { runCommand } from '../run-command.ts';
import { STREAMS } from './streams-project.ts';

function scene() {
  const { root } = temporaryProject({ 'src/project.ts': STREAMS });
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const output = createOutput({ stdout: stdout as never, stderr: stderr as never }, {}, true);
  const stop = new AbortController();
  return {
    root,
    output,
    stop: () => stop.abort(new SpindleError('CANCELED', 'Stopped by SIGTERM.')),
    stream: (select: string) =>
      runStream({ select, json: true }, { cwd: root, env: {}, output, redactor: createRedactor(), signal: stop.signal }),
    statuses: async () =>
      (JSON.parse((await runCommand(root, ['runs', '--json'])).stdout) as readonly { readonly status: string }[]).map(
        ({ status }) => status,
      ),
    stdout: () => String(stdout.read() ?? ''),
  };
}

describe('a stream that is told to end before it has begun', () => {
  it('ends with 0 and does nothing, where the signal came first', async () => {
    const { stop, stream, statuses, stdout, output } = scene();
    stop();
    expect(await stream('stream/plays')).toBe(0);
    expect(stdout()).toBe('');
    expect(output.ended).toBe(false);
    expect((await statuses()).filter((status) => status !== 'canceled')).toEqual([]);
  });

  it('ends with 0 where what it reads is still being made', async () => {
    const { root, stop, stream, statuses } = scene();
    const streaming = stream('stream/behind');
    await vi.waitFor(async () => expect((await runCommand(root, ['runs', '--json'])).stdout).toContain('"running"'), { timeout: 15_000 });
    stop();
    expect(await streaming).toBe(0);
    expect(await statuses()).toEqual(['canceled']);
  });
});

describe('a stream whose sources end', () => {
  it('ends by itself with 0, after which nothing is written and nothing waited for', async () => {
    const { stream, stdout, output, stop } = scene();
    const streaming = stream('stream/stubborn');
    let text = '';
    await vi.waitFor(() => expect((text += stdout())).toContain('"started"'), { timeout: 15_000 });
    stop();
    expect(await streaming).toBe(0);
    expect(output.ended).toBe(true);
    expect(text + stdout()).toMatch(/"type":"stopped".*\n$/);
  });
});
