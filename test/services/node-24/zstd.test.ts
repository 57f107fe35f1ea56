import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { installNode24 } from './install.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../../..');

/** Those that test zstd where Node has it, and what else differs between versions of Node: streams, signals and timers. */
const TESTS = [
  'test/runtime/store/compressed-lines.test.ts',
  'test/runtime/store/compression.test.ts',
  'test/runtime/store/decompress-pieces.test.ts',
  'test/runtime/store/files.test.ts',
  'test/runtime/store/zstd-frames.test.ts',
  'test/runtime/landing/compression.test.ts',
  'test/runtime/landing/follow.test.ts',
  'test/runtime/stream',
];

interface Report {
  readonly success: boolean;
  readonly testResults: readonly { readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[] }[];
}

describe('Node 24', () => {
  it('lands, reads and loads with zstd, and streams as Node 20 does', async () => {
    const node = await installNode24();
    const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
    const args = [vitest, 'run', '--project', 'unit', '--reporter=json', ...TESTS];
    const { stdout } = await run(node, args, { cwd: ROOT, maxBuffer: 1 << 26 }).catch((error: { stdout?: string }) => {
      if (error.stdout === undefined || error.stdout === '') throw error;
      return { stdout: error.stdout };
    });
    const report = JSON.parse(stdout) as Report;
    const results = report.testResults.flatMap(({ assertionResults }) => assertionResults);
    // What an older Node refuses is left out here.
    expect(results.filter(({ status, fullName }) => status !== 'passed' && !fullName.includes('where Node has none'))).toEqual([]);
    expect(report.success).toBe(true);
    expect(results.filter(({ status, fullName }) => status === 'passed' && fullName.includes('zstd')).length).toBeGreaterThan(10);
  });
});
