import { asset, landing } from 'spindle';
import { ListeningEvent } from '../schemas/listening-event.ts';
import { listeningEvents } from '../stream/listening-events.ts';

export const landedListeningEvents = asset('lake/listening_events', {
  description: 'The topic as a chain of compressed objects, each record in exactly one of them.',
  group: 'lake',
  store: landing('listening', ListeningEvent),
  deps: { listeningEvents },
}).run(({ listeningEvents }) => listeningEvents);
