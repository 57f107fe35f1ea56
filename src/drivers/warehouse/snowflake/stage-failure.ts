import { SpindleError } from '../../../runtime/errors.ts';
import type { ExternalStage } from './external-stage.ts';
import { codeOf, firstLines, isUnknownObject } from './snowflake-error.ts';

/** What the server says where trying again does not help: the codes are one for all that a bucket may answer. */
const REFUSAL = /not found|not exist|not authorized|NoSuch|denied|forbidden|credential|access key|signature|not allowed/i;

/** Whether an error says that Snowflake cannot read from a stage, or has none of that name. */
export function isStageFailure(error: unknown): error is Error {
  const code = codeOf(error);
  return code !== undefined && (/^091\d{3}$/.test(code) || isUnknownObject(error));
}

/**
 * The error for an external stage by which Snowflake does not come to the lake, or an object of it: CONFIG_INVALID where the stage does not lead there, else LAKE_UNREACHABLE, as
 * the bucket may answer it later.
 */
export function unseen({ name }: Pick<ExternalStage, 'name'>, what: string, cause: Error): SpindleError {
  const message = `Snowflake does not come to ${what} by the external stage ${name}: ${firstLines(cause.message)}`;
  if (!isUnknownObject(cause) && !REFUSAL.test(cause.message))
    return new SpindleError('LAKE_UNREACHABLE', message, {
      remedy: 'Run the same command again; where it ends in the same way, look whether the account comes to the server of the bucket.',
      transient: true,
      cause,
    });
  return new SpindleError('CONFIG_INVALID', message, {
    field: 'SPINDLE_SNOWFLAKE_STAGE',
    remedy: `The stage has to lie over the bucket and the folder of the lake, with a slash at the end of its URL, and the role needs USAGE on it: \`DESC STAGE ${name}\` shows the URL. Where no stage is set, objects go by the internal one.`,
    cause,
  });
}
