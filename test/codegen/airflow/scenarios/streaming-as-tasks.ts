import { asset, defineProject, job, landed, landing, onCron, table, topic } from 'spindle';
import { z } from 'zod';
import { production } from '../environment.ts';

const Play = z.object({ id: z.int(), song: z.string() });
const plays = asset('stream/plays', { group: 'stream', store: topic('plays', Play) }).run(() => []);
const objectsOfPlays = asset('lake/plays', { group: 'lake', store: landing('plays', Play), deps: { plays } }).run(
  ({ plays: topicOfPlays }) => topicOfPlays,
);
const bronze = asset('bronze/plays', {
  group: 'bronze',
  store: table('bronze.plays', landed(Play), { write: 'append' }),
  deps: { landing: objectsOfPlays },
}).run(({ landing: objects }) => objects);

export const project = defineProject({
  name: 'music',
  assets: [plays, objectsOfPlays, bronze],
  jobs: [job('plays', { select: '**', automation: onCron('*/10 * * * *'), airflow: { streaming: 'task' } })],
  environments: { production },
});
