import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Diagnostic {
  readonly file: string;
  readonly line: number;
  readonly code: number;
  /** The whole message: what follows the first line is indented, as the compiler prints it. */
  readonly message: string;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What the compiler says of such files, given by their paths, which see `spindle` as its source. Files are written under `.spindle`, inside this package. */
export function typeCheck(files: ReadonlyMap<string, string>, compilerOptions: Readonly<Record<string, unknown>> = {}): Diagnostic[] {
  mkdirSync(join(ROOT, '.spindle'), { recursive: true });
  const directory = mkdtempSync(join(ROOT, '.spindle/types-'));
  try {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
    const config = {
      extends: '../../tsconfig.json',
      compilerOptions: { noUnusedLocals: false, noUnusedParameters: false, ...compilerOptions },
    };
    writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify({ ...config, include: ['**/*.ts'] }));
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', directory, '--pretty', 'false'], {
      cwd: directory,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    if (status === null || stderr !== '') throw new Error(`tsc did not run: ${stderr}`);
    return parseDiagnostics(stdout).filter(({ file }) => !file.startsWith('..'));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function parseDiagnostics(output: string): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const line of output.split('\n')) {
    const [, file, at, code, message] = /^(\S.*)\((\d+),\d+\): error TS(\d+): (.*)$/.exec(line) ?? [];
    const last = found.at(-1);
    if (file !== undefined && message !== undefined) found.push({ file, line: Number(at), code: Number(code), message });
    else if (last !== undefined && line.startsWith(' ')) found[found.length - 1] = { ...last, message: `${last.message}\n${line}` };
  }
  return found;
}
