import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { median, rounded, type BenchFigure, type BenchOptions } from './figure.ts';

const PAIRS = 15;
const COMMANDS = [
  { name: '--help', limit: 100 },
  { name: 'list', limit: 250 },
] as const;

/** What a command costs over Node with an empty script, in milliseconds: medians of the differences of pairs that ran one after the other. */
export async function* startup({ root }: BenchOptions): AsyncIterable<BenchFigure> {
  const spindle = join(root, 'bin/spindle.js');
  time(root, [spindle, 'list']); // fills the cache of the project's bundle
  for (const { name, limit } of COMMANDS) {
    const pairs = Array.from({ length: PAIRS }, () => ({ peer: time(root, ['-e', '']), ours: time(root, [spindle, name]) }));
    const ours = median(pairs.map((pair) => pair.ours));
    const peer = median(pairs.map((pair) => pair.peer));
    const over = median(pairs.map((pair) => pair.ours - pair.peer));
    yield {
      bench: 'startup',
      figure: `spindle ${name}: time`,
      unit: 'ms',
      ours: rounded(ours),
      peer: rounded(peer),
      peerName: 'node with an empty script',
      ratio: rounded(ours / peer),
      bar: null,
      holds: null,
    };
    yield {
      bench: 'startup',
      figure: `spindle ${name}: time over node`,
      unit: 'ms',
      ours: rounded(over),
      peer: null,
      peerName: null,
      ratio: null,
      bar: `<= ${limit}`,
      holds: over <= limit,
    };
  }
}

function time(cwd: string, args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - start;
}
