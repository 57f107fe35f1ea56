import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../free-port.ts';
import type { ComposeService } from '../configuration.ts';
import { PORTS } from './kinds.ts';

/** A running service, or one of several that run the same. */
export interface Instance {
  /** Such as lander, or lander-2. */
  readonly id: string;
  readonly name: string;
  readonly service: ComposeService;
  /** The ports of this machine in place of those of the container. */
  readonly ports: ReadonlyMap<number, number>;
  /** A folder of its own: its home, its temporary files and its log. */
  readonly folder: string;
}

/** Where the containers' addresses and paths are on this machine. */
export interface Place {
  /** Everything that is written is below it. */
  readonly root: string;
  instance(id: string, name: string, service: ComposeService): Promise<Instance>;
  /**
   * A text of the service with the addresses and paths of this machine. Throws where it names a port of a service, or a path, of which the rehearsal
   * knows nothing.
   */
  translate(text: string, instance: Instance): string;
}

/** The folders of the images, by the paths that they have in them. */
export type ImagePaths = Readonly<Record<string, string>>;

export async function createPlace(root: string, images: ImagePaths): Promise<Place> {
  const addresses = new Map<string, number>();
  for (const [name, ports] of Object.entries(PORTS)) for (const port of ports) addresses.set(`${name}:${port}`, await freePort());
  const first = new Set<string>();

  return {
    root,
    async instance(id, name, service) {
      const ports = new Map<number, number>();
      for (const port of PORTS[name] ?? []) ports.set(port, first.has(name) ? await freePort() : addresses.get(`${name}:${port}`)!);
      first.add(name);
      const folder = join(root, id);
      mkdirSync(join(folder, 'tmp'), { recursive: true });
      return { id, name, service, ports, folder };
    },
    translate(text, { name, service, ports, folder }) {
      const paths = Object.entries({
        ...images,
        '/tmp': join(folder, 'tmp'),
        '/opt/airflow': join(folder, 'airflow'),
        ...Object.fromEntries(
          (service.volumes ?? []).map(({ type, source, target }) => [target, type === 'bind' ? source : volumeFolder(root, source)]),
        ),
      }).toSorted(([a], [b]) => b.length - a.length);
      const translated = ownAddresses(othersAddresses(text, addresses, name), ports).replaceAll(PATH, (path) => {
        if (path.startsWith('/dev/') || path.startsWith(`${root}/`)) return path;
        const [inside, outside] = paths.find(([prefix]) => path === prefix || path.startsWith(`${prefix}/`)) ?? [];
        if (inside === undefined || outside === undefined)
          throw new Error(`The rehearsal has no place for the path ${path} of the service ${name}, in ${JSON.stringify(text)}.`);
        return `${outside}${path.slice(inside.length)}`;
      });
      return translated;
    },
  };
}

/** A path, but no part of a URL or of another path. */
const PATH = /(?<![\w.:/@-])\/(?:[\w.-]+\/)*[\w.-]+/g;

function volumeFolder(root: string, volume: string): string {
  const folder = join(root, 'volumes', volume);
  mkdirSync(folder, { recursive: true });
  return folder;
}

function othersAddresses(text: string, addresses: ReadonlyMap<string, number>, own: string): string {
  const names = Object.keys(PORTS).join('|');
  return text.replaceAll(new RegExp(`(?<![\\w.-])(${names}):(\\d+)`, 'g'), (address) => {
    const port = addresses.get(address);
    if (port === undefined) throw new Error(`The rehearsal does not know what is at ${address}, which the service ${own} speaks to.`);
    return `127.0.0.1:${port}`;
  });
}

/** The container's own ports become those of the instance, and everything listens on the loopback address alone. */
function ownAddresses(text: string, ports: ReadonlyMap<number, number>): string {
  let result = text.replaceAll(/(?<![\w.])0\.0\.0\.0(?=:)/g, '127.0.0.1');
  for (const [inside, outside] of ports) result = result.replaceAll(new RegExp(`(?<!\\d)${inside}(?!\\d)`, 'g'), String(outside));
  return result.replaceAll(/(?<=^|:\/\/):(?=\d+)/g, '127.0.0.1:');
}
