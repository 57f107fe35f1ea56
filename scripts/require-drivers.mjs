/**
 * For images: makes dependencies of the packages that Spindle's drivers ask for and that a user installs as they please, in the versions that this
 * repository is tested with. `npm install --omit=dev` then keeps what package-lock.json says of them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

const path = resolve('package.json');
const {
  dependencies,
  devDependencies,
  peerDependencies,
  peerDependenciesMeta: _optional,
  ...others
} = JSON.parse(readFileSync(path, 'utf8'));
const peers = Object.keys(peerDependencies);
const tested = Object.fromEntries(peers.map((name) => [name, devDependencies[name]]));
const developing = Object.fromEntries(Object.entries(devDependencies).filter(([name]) => !peers.includes(name)));
writeFileSync(
  path,
  `${JSON.stringify({ ...others, dependencies: { ...dependencies, ...tested }, devDependencies: developing }, null, 2)}\n`,
);
