import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createOutput } from '../../src/cli/output.ts';

describe('the end of the output', () => {
  it('is the last that is written, by whomever', () => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const output = createOutput({ stdout: stdout as never, stderr: stderr as never }, {}, false);
    output.print('before');
    output.notice('told');
    expect(output.ended).toBe(false);
    output.end('{"last":true}');
    expect(output.ended).toBe(true);
    output.print('after');
    output.notice('after');
    stdout.write('after');
    stderr.write('after');
    expect([String(stdout.read()), String(stderr.read())]).toEqual(['before\n{"last":true}\n', 'told\n']);
  });
});
