import { after, DeadLetter, source, table } from 'spindle';
import { bronzeListeningEvents } from './listening-events.ts';
import { bronzeUserActivity } from './user-activity.ts';

/** Written by the loads of the other bronze tables, in their transactions. */
export const deadLetters = source('bronze/dead_letters', {
  description: 'Records that are no JSON or break their schema, with topic, partition, offset, raw text and reasons.',
  group: 'bronze',
  store: table('bronze.dead_letters', DeadLetter, { write: 'append' }),
  deps: { listening: after(bronzeListeningEvents), activity: after(bronzeUserActivity) },
});
