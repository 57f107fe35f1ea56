import { clicksFiles, SCHEMA } from '../../cli/dead-letters/clicks-project.ts';
import { temporaryProject } from '../../project/temporary-project.ts';
import type { Emulator } from './server.ts';

/** The project of clicks with Snowflake as its warehouse, and the variables by which it reaches a database of the emulator, but for the login. */
export function clicksInSnowflake({ url }: Emulator, database: string, ownTable = true) {
  const files = clicksFiles({ schema: SCHEMA.narrow, ownTable });
  const project = String(files['src/project.ts']).replace('duckDb,', 'snowflake,').replace('duckDb()', 'snowflake()');
  const env = {
    SPINDLE_SNOWFLAKE_ACCOUNT: 'emulator',
    SPINDLE_SNOWFLAKE_USER: 'SPINDLE',
    SPINDLE_SNOWFLAKE_DATABASE: database,
    SPINDLE_SNOWFLAKE_URL: url,
  };
  return { ...temporaryProject({ ...files, 'src/project.ts': project }), env };
}
