import { asset, onCron, topic } from 'spindle';
import { tracks, users } from '../catalogue/catalogue.ts';
import { UserActivity } from '../schemas/user-activity.ts';
import { eventStream } from './event-stream.ts';
import { generatorConfig } from './generator-config.ts';

export const userActivity = asset('stream/user_activity', {
  description: 'Sign-ups, log-ins, searches and subscriptions.',
  group: 'stream',
  store: topic('user_activity', UserActivity, { retention: 'forever' }),
  deps: { users, tracks },
  config: generatorConfig(20_000),
  automation: onCron('* * * * *'),
}).run(async ({ users, tracks }, { config, now, signal, stream }) => {
  const { userActivity: generate } = await import('./generator/user-activity.ts');
  return eventStream({ name: 'user_activity', config, catalogue: { users, tracks }, stream, signal, now, generate });
});
