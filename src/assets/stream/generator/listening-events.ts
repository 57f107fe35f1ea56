import type { ListeningEvent } from '../../schemas/listening-event.ts';
import { createListeningSession } from './listening-session.ts';
import { recordStream } from './record-stream.ts';
import type { StreamOptions, StreamRecord } from './stream-record.ts';

/** The records of the topic `listening_events`: see {@link recordStream}. A session is uploaded at its end, so its events lie up to an hour before. */
export function listeningEvents(options: StreamOptions): Iterable<StreamRecord<ListeningEvent>> {
  return recordStream(options, { name: 'listening_events', lot: 24, burst: createListeningSession(options.catalogue.tracks) });
}
