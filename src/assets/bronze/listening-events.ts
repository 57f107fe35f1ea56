import { asset, landed, onCron, table } from 'spindle';
import { landedListeningEvents } from '../lake/listening-events.ts';
import { ListeningEvent } from '../schemas/listening-event.ts';

export const bronzeListeningEvents = asset('bronze/listening_events', {
  description: 'Listening events as they were produced, duplicates included: append-only, each landed object loaded once.',
  group: 'bronze',
  owners: ['data-platform'],
  freshness: { within: '2h' },
  store: table('bronze.listening_events', landed(ListeningEvent), { write: 'append', partitionBy: 'occurred_at' }),
  deps: { landedListeningEvents },
  automation: onCron('5 * * * *'),
}).run(({ landedListeningEvents }) => landedListeningEvents);
