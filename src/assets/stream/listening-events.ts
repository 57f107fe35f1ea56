import { asset, onCron, topic } from 'spindle';
import { tracks, users } from '../catalogue/catalogue.ts';
import { ListeningEvent } from '../schemas/listening-event.ts';
import { eventStream } from './event-stream.ts';
import { generatorConfig } from './generator-config.ts';

export const listeningEvents = asset('stream/listening_events', {
  description: 'What people play, skip and like: synthetic, with late, duplicate and malformed records as a real stream has them.',
  group: 'stream',
  store: topic('listening_events', ListeningEvent, { retention: 'forever' }),
  deps: { users, tracks },
  config: generatorConfig(200_000),
  automation: onCron('* * * * *'),
}).run(async ({ users, tracks }, { config, now, signal, stream }) => {
  const { listeningEvents: generate } = await import('./generator/listening-events.ts');
  return eventStream({ name: 'listening_events', config, catalogue: { users, tracks }, stream, signal, now, generate });
});
