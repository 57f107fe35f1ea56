import { asset, landing } from 'spindle';
import { UserActivity } from '../schemas/user-activity.ts';
import { userActivity } from '../stream/user-activity.ts';

export const landedUserActivity = asset('lake/user_activity', {
  description: 'The topic as a chain of compressed objects, each record in exactly one of them.',
  group: 'lake',
  store: landing('activity', UserActivity),
  deps: { userActivity },
}).run(({ userActivity }) => userActivity);
