import { objects, type Provider } from 'spindle';
import { z } from 'zod';

const server: Provider<never> = { open: () => Promise.reject(new Error('An export opens nothing.')) };

/** An environment of servers, which tasks on any host reach. */
export const production = { broker: server, lake: server, warehouse: server, transformer: server, runStore: server, mail: server };

/** A store of rows, of which a partition of another unit can be read as one. */
export const rows = (prefix: string) => objects(prefix, z.object({ id: z.int() }));
