/**
 * Adds to package-lock.json the platform bindings that npm left out because the registry that it asked did not have them all (yet): `npm ci`
 * refuses a lock without them, on every platform. Run it after `npm install` has changed the lock. Which platform a binding is for is in its name.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const path = join(import.meta.dirname, '../package-lock.json');
const lock = JSON.parse(readFileSync(path, 'utf8'));

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS = {
  x64: 'x64',
  arm64: 'arm64',
  arm: 'arm',
  ia32: 'ia32',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  wasm32: 'wasm32',
  loong64: 'loong64',
};

function platformOf(name) {
  const words = name.split(/[/-]/);
  const os = words.find((word) => SYSTEMS.includes(word));
  const cpu = words.map((word) => PROCESSORS[word]).find(Boolean);
  const libc = words.some((word) => word.startsWith('musl')) ? 'musl' : words.some((word) => word.startsWith('gnu')) ? 'glibc' : undefined;
  return { ...(cpu && { cpu: [cpu] }), ...(libc && os === 'linux' && { libc: [libc] }), ...(os && { os: [os] }) };
}

let added = 0;
for (const [from, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(optionalDependencies)) {
    // Beside the package that asks for it, where npm puts the bindings of this platform as well.
    const key = `${from.slice(0, from.lastIndexOf('node_modules/'))}node_modules/${name}`;
    if (`${from}/node_modules/${name}` in lock.packages || key in lock.packages) continue;
    lock.packages[key] = { version: range.replace(/^[\^~]/, ''), ...(dev && { dev: true }), optional: true, ...platformOf(name) };
    added += 1;
  }
}
const { '': own, ...others } = lock.packages;
lock.packages = { '': own, ...Object.fromEntries(Object.entries(others).toSorted(([a], [b]) => (a < b ? -1 : 1))) };
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${added} bindings added\n`);
