import type { UserActivity } from '../../schemas/user-activity.ts';
import { recordStream } from './record-stream.ts';
import type { StreamOptions, StreamRecord } from './stream-record.ts';
import { createVisit } from './visit.ts';

/** The records of the topic `user_activity`: see {@link recordStream}. A visit is uploaded at its end, so its events lie up to some minutes before. */
export function userActivity(options: StreamOptions): Iterable<StreamRecord<UserActivity>> {
  return recordStream(options, { name: 'user_activity', lot: 4, burst: createVisit(options.catalogue.tracks) });
}
