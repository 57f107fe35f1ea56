import { defineProject, job, onCron } from 'spindle';
import { deadLetters } from './bronze/dead-letters.ts';
import { bronzeListeningEvents } from './bronze/listening-events.ts';
import { bronzeUserActivity } from './bronze/user-activity.ts';
import { tracks, users } from './catalogue/catalogue.ts';
import { completeTopic } from './checks/complete-topic.ts';
import { dbt } from './dbt.ts';
import { composeDuckDb, composeSnowflake, local } from './environments.ts';
import { dailyDigest } from './gold/daily-digest.ts';
import { landedListeningEvents } from './lake/listening-events.ts';
import { landedUserActivity } from './lake/user-activity.ts';
import { listeningEvents } from './stream/listening-events.ts';
import { userActivity } from './stream/user-activity.ts';

/** The one list of what belongs to the pipeline. */
export const project = defineProject({
  name: 'spotify',
  assets: [
    users,
    tracks,
    listeningEvents,
    userActivity,
    landedListeningEvents,
    landedUserActivity,
    bronzeListeningEvents,
    bronzeUserActivity,
    deadLetters,
    dailyDigest,
  ],
  dbt: [dbt],
  checks: [completeTopic(bronzeListeningEvents, 'listening_events'), completeTopic(bronzeUserActivity, 'user_activity')],
  jobs: [job('pipeline', { select: '**', automation: onCron('5 * * * *') })],
  environments: { local, 'compose-duckdb': composeDuckDb, 'compose-snowflake': composeSnowflake },
  // The DAGs of docker-compose.yml: its services fill the topics and the lake, and tasks share the host of its scheduler, where DuckDB is.
  airflow: { environment: 'compose-duckdb', sharedHost: true, command: './bin/spindle.js' },
});
