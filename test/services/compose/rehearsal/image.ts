import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { ROOT } from '../configuration.ts';
import { readDockerfile } from '../dockerfile.ts';

const PROJECT = '/opt/spindle';

/**
 * Lays out in a folder what the last stages of the two Dockerfiles copy to /opt/spindle, and bundles the project there as the first one does. What earlier stages
 * install and build is taken from where the rest is: the repository unless given, where `npm ci` and `npm run build` have done it.
 */
export function layOut(folder: string, from = ROOT): void {
  for (const file of ['Dockerfile', 'airflow/Dockerfile'])
    for (const { name, text } of readDockerfile(join(ROOT, file)).at(-1)?.instructions ?? [])
      if (name === 'COPY') copy(text, { from, folder });
  execFileSync(process.execPath, [join(folder, 'bin/spindle.js'), 'plan', '--offline'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

function copy(instruction: string, { from, folder }: { readonly from: string; readonly folder: string }): void {
  const words = instruction.split(' ');
  // Spindle's image as a whole, of which Airflow's is made, and Node.
  if (words.includes('--from=project')) return;
  const paths = words.filter((word) => !word.startsWith('--')).map((path) => relative(PROJECT, resolve(PROJECT, path)));
  const [given = '', target = ''] = [words.at(-1), paths.at(-1)];
  for (const source of paths.slice(0, -1).flatMap((pattern) => named(pattern, from))) {
    const path = join(folder, target, given.endsWith('/') ? basename(source) : '');
    mkdirSync(dirname(path), { recursive: true });
    // The same packages, less those of development.
    if (source === 'node_modules') symlinkSync(join(from, source), path);
    else cpSync(join(from, source), path, { recursive: true });
  }
}

/** The paths of a COPY: a name may have asterisks, and one that fits nothing fails, as it does in Docker. */
function named(pattern: string, from: string): readonly string[] {
  if (!pattern.includes('*')) return [pattern];
  const fits = new RegExp(
    `^${basename(pattern)
      .replaceAll('.', String.raw`\.`)
      .replaceAll('*', '.*')}$`,
  );
  const names = readdirSync(join(from, dirname(pattern))).filter((name) => fits.test(name));
  if (names.length === 0) throw new Error(`COPY ${pattern} fits no file of ${from}.`);
  return names.map((name) => join(dirname(pattern), name));
}

/** Every file below a folder with the time of its last change. */
export const filesOf = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('node_modules'))
    .map((name) => `${name} ${statSync(join(folder, name)).mtimeMs}`)
    .toSorted();
