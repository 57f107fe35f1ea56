import type * as snowflake from 'snowflake-sdk';
import { SpindleError } from '../../../runtime/errors.ts';
import { hasCode } from '../../disk/file-error.ts';

/**
 * Keeps the client from asking the clouds' metadata servers where it runs, from loading its native module and telling the shape of its settings, which only report, and the AWS SDK, by which it puts files to a stage on AWS, from
 * saying on Node 20 that a later version will want another Node. Who set them otherwise keeps that.
 */
const QUIET = [
  'SNOWFLAKE_DISABLE_PLATFORM_DETECTION',
  'SNOWFLAKE_DISABLE_MINICORE',
  'SF_TELEMETRY_DISABLE_CONNECTION_SHAPE',
  'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED',
] as const;

/** The client of Snowflake, which a project installs that uses it; DEPENDENCY_NOT_INSTALLED where it did not. It prints nothing and writes no log. */
export async function loadSnowflake(): Promise<typeof snowflake> {
  for (const name of QUIET) process.env[name] ??= 'true';
  try {
    // a CommonJS module, whose types do not say that its exports are the default
    const { default: sdk } = (await import('snowflake-sdk')) as unknown as { readonly default: typeof snowflake };
    sdk.configure({ logLevel: 'OFF', additionalLogToConsole: false });
    return sdk;
  } catch (error) {
    if (!hasCode(error, 'ERR_MODULE_NOT_FOUND')) throw error;
    throw new SpindleError('DEPENDENCY_NOT_INSTALLED', '"snowflake-sdk", which the warehouse in Snowflake needs, is not installed.', {
      field: 'snowflake-sdk',
      remedy: 'Run: npm install snowflake-sdk',
      cause: error,
    });
  }
}
