import { dbtProject } from 'spindle/dbt';
import { bronzeListeningEvents } from './bronze/listening-events.ts';
import { bronzeUserActivity } from './bronze/user-activity.ts';

export const dbt = dbtProject({ name: 'spotify', dir: 'dbt', sources: [bronzeListeningEvents, bronzeUserActivity] });
