import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rounded, type BenchFigure, type BenchOptions } from './figure.ts';
import { projectSource } from './types/project-source.ts';

const SIZES = [100, 500, 1000, 2000] as const;
/** Instantiations for each asset of five columns. */
const MOST = 1000;
/** How much dearer an asset of the largest project may be than one of the smallest. */
const STEEPEST = 1.1;

interface Cost {
  readonly assets: number;
  readonly instantiations: number;
  readonly seconds: number;
  readonly megabytes: number;
}

/** What the type checker does for an asset: its own diagnostics over generated projects, against `src/` and without what an empty project costs. */
export async function* types({ root }: BenchOptions): AsyncIterable<BenchFigure> {
  const empty = measure(root, 0);
  const costs = SIZES.map((assets) => measure(root, assets));
  for (const { assets, instantiations, seconds, megabytes } of costs) {
    const each = (instantiations - empty.instantiations) / assets;
    yield figure(`${assets} assets: instantiations per asset`, { unit: 'count', ours: each, most: MOST });
    yield figure(`${assets} assets: check time`, { unit: 's', ours: seconds });
    yield figure(`${assets} assets: memory`, { unit: 'MiB', ours: megabytes });
  }
  const at = (size: (typeof SIZES)[number]): Cost => costs[SIZES.indexOf(size)]!;
  const steepness = slope(at(1000), at(2000)) / slope(at(100), at(500));
  yield figure('an asset of 1000 to 2000 over one of 100 to 500: instantiations', { unit: 'ratio', ours: steepness, most: STEEPEST });
}

const slope = (from: Cost, to: Cost): number => (to.instantiations - from.instantiations) / (to.assets - from.assets);

function figure(name: string, { unit, ours, most }: { unit: string; ours: number; most?: number }): BenchFigure {
  const bar = most === undefined ? { bar: null, holds: null } : { bar: `<= ${most}`, holds: ours <= most };
  return { bench: 'types', figure: name, unit, ours: rounded(ours), peer: null, peerName: null, ratio: null, ...bar };
}

/** Type-checks a generated project inside this package, where `spindle` is its own source. */
function measure(root: string, assets: number): Cost {
  const parent = join(root, '.spindle/bench');
  mkdirSync(parent, { recursive: true });
  const directory = mkdtempSync(join(parent, 'types-'));
  try {
    for (const [name, text] of projectSource(assets)) writeFileSync(join(directory, name), text);
    const config = { extends: join(root, 'tsconfig.json'), compilerOptions: { noUnusedLocals: false }, include: ['*.ts'] };
    writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify(config));
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    // One checker: with several, each counts what it had to work out again.
    const args = [tsc, '-p', directory, '--pretty', 'false', '--extendedDiagnostics', '--singleThreaded'];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: directory, encoding: 'utf8', maxBuffer: 1 << 26 });
    const errors = stdout.split('\n').filter((line) => /(^|[\\/])(module-\d+|project)\.ts\(/.test(line) && !line.startsWith('..'));
    if (errors.length > 0) throw new Error(`The generated project does not compile:\n${errors.slice(0, 5).join('\n')}`);
    const read = (name: string) => {
      const [, text] = new RegExp(`^${name}:\\s+([\\d.]+)`, 'm').exec(stdout) ?? [];
      if (text === undefined) throw new Error(`tsc tells no "${name}": ${stderr}${stdout}`);
      return Number(text);
    };
    return { assets, instantiations: read('Instantiations'), seconds: read('Check time'), megabytes: read('Memory used') / 1024 };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
