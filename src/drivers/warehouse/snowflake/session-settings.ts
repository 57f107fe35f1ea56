import type { SnowflakeSettings } from './settings.ts';

/** What sessions are opened with. One that makes the database has none yet. */
export interface SessionSettings extends Omit<SnowflakeSettings, 'database'> {
  readonly database?: string;
  /** Parameters of each session, by their names at Snowflake. */
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
}
