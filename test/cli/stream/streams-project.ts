/** Topics that are filled without end, and their landings, over the drivers of the local environment. */
export const STREAMS = `
import { asset, defineProject, landing, resource, topic, value } from 'spindle';
import { embeddedBroker, fileSystemStore, sqliteRunStore } from 'spindle/drivers';
import { z } from 'zod';

const Play = z.object({ id: z.int() });
const store = topic('plays', Play, { partitions: 2, key: ({ id }) => String(id % 7) });

export const first = asset('catalogue/first', { store: value(z.int()) }).run(() => 1_000);

export const plays = asset('stream/plays', { store, deps: { first } }).run(({ first }, { signal, stream }) => ({
  generator: 'plays',
  start: (resume) => ({
    state: '',
    records: (async function* () {
      for (let sequence = (resume?.sequence ?? -1) + 1; !signal.aborted; sequence++) {
        if (sequence % 50 === 49) yield { sequence, raw: 'no JSON' };
        else yield { sequence, value: { id: first + sequence } };
        if (stream === undefined && sequence === 99) return;
        if (sequence % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 10));
      }
    })(),
  }),
}));

export const landedPlays = asset('lake/plays', {
  store: landing('plays', Play, { rotate: { every: '1s', thin: '1s', records: 200 } }),
  deps: { plays },
}).run(({ plays }) => plays);

/** Heeds no signal, and never makes a second record. */
export const stubborn = asset('stream/stubborn', { store: topic('stubborn', Play) }).run(() => ({
  generator: 'stubborn',
  start: () => ({
    state: '',
    records: (async function* () {
      yield { sequence: 0, value: { id: 0 } };
      await new Promise((resolve) => setTimeout(resolve, 3_600_000));
    })(),
  }),
}));

const secret = resource()('secret');
export const failing = asset('stream/failing', { store: topic('failing', Play), resources: { secret } }).run(() => {
  throw new Error('cannot reach http://user:hunter2-hunter2@host');
});

/** Is never made: it waits for the end. */
export const endless = asset('catalogue/endless', { store: value(z.int()) }).run(
  (_, { signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
);
export const behind = asset('stream/behind', { store: topic('behind', Play), deps: { endless } }).run(() => []);

export const report = asset('gold/report', { store: value(z.int()) }).run(() => 1);

const provider = { variables: z.object({ PASSWORD: z.string().meta({ secret: true }) }), open: async () => ({}) };
export const project = defineProject({
  name: 'streams',
  assets: [first, plays, landedPlays, stubborn, failing, endless, behind, report],
  environments: { local: { broker: embeddedBroker(), lake: fileSystemStore(), runStore: sqliteRunStore(), secret: provider } },
});
`;
