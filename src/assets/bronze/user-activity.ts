import { asset, landed, onCron, table } from 'spindle';
import { landedUserActivity } from '../lake/user-activity.ts';
import { UserActivity } from '../schemas/user-activity.ts';

export const bronzeUserActivity = asset('bronze/user_activity', {
  description: 'User activity as it was produced, duplicates included: append-only, each landed object loaded once.',
  group: 'bronze',
  owners: ['data-platform'],
  freshness: { within: '2h' },
  store: table('bronze.user_activity', landed(UserActivity), { write: 'append', partitionBy: 'occurred_at' }),
  deps: { landedUserActivity },
  automation: onCron('5 * * * *'),
}).run(({ landedUserActivity }) => landedUserActivity);
