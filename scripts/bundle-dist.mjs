/**
 * The second half of `npm run build`: joins what tsc wrote into few files. Node opens, resolves and compiles each module by itself, which for the
 * command line and yargs takes longer than the commands do. The entries are overwritten in place and share their code in `dist/chunks`; the single
 * modules stay beside them, for tests.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { rolldown } from 'rolldown';

const root = resolve(import.meta.dirname, '..');
const dist = join(root, 'dist');
const { exports, dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Small and slow to load file by file; no type or value of theirs leaves the package. */
const INLINED = ['yargs', 'graphology', 'croner'];
const external = Object.keys({ ...dependencies, ...peerDependencies }).filter((name) => !INLINED.includes(name));

/** By the path within `dist`, without its ending. */
const entries = [
  'cli/main',
  ...Object.values(exports).flatMap((entry) => (entry.default ? [entry.default.slice('./dist/'.length, -'.js'.length)] : [])),
];

/** The code of a module moves to a file two folders below the root, like every entry and chunk: what it finds beside itself, it finds from there. */
const keepPlaces = {
  name: 'keep-places',
  transform(code, id) {
    if (!id.startsWith(dist)) return null;
    const place = `new URL(${JSON.stringify(`../${relative(dist, id)}`)}, import.meta.url).href`;
    return code.replaceAll(/\bimport\.meta\.url\b/g, place);
  },
};

/** yargs measures text with a package that takes longer to load than all of yargs; the command line's own measure does as well. */
const ownDisplayWidth = {
  name: 'own-display-width',
  resolveId: (id) => (id === 'string-width' ? '\0string-width' : null),
  load: (id) =>
    id === '\0string-width' ? `export { displayWidth as default } from ${JSON.stringify(join(dist, 'cli/display-width.js'))};` : null,
};

/**
 * Every project loads nearly all of the runtime: as one file, where rolldown would make one for each set of commands that share it. Apart from it is
 * what `spindle --help` needs.
 */
const groups = [
  { name: 'first', test: (id) => ['errors', 'closest'].some((name) => id === join(dist, `runtime/${name}.js`)), priority: 2 },
  { name: 'runtime', test: (id) => id.startsWith(join(dist, 'runtime/')), priority: 1 },
];

const bundle = await rolldown({
  cwd: root,
  platform: 'node',
  preserveEntrySignatures: 'allow-extension',
  input: Object.fromEntries(
    entries.filter((entry) => existsSync(join(dist, `${entry}.js`))).map((entry) => [entry, join(dist, `${entry}.js`)]),
  ),
  external: (id) => external.some((name) => id === name || id.startsWith(`${name}/`)),
  plugins: [keepPlaces, ownDisplayWidth],
});
rmSync(join(dist, 'chunks'), { recursive: true, force: true });
await bundle.write({
  dir: dist,
  format: 'esm',
  comments: false,
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name]-[hash].js',
  codeSplitting: { groups, includeDependenciesRecursively: false },
});
await bundle.close();
