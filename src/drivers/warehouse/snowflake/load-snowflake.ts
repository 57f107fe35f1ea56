import type * as snowflake from 'snowflake-sdk';
import { SpindleError } from '../../../runtime/errors.ts';
import { hasCode } from '../../disk/file-error.ts';

/** Keeps the client from asking the clouds' metadata servers where it runs, and from loading its native module, which only reports. */
const QUIET = ['SNOWFLAKE_DISABLE_PLATFORM_DETECTION', 'SNOWFLAKE_DISABLE_MINICORE'] as const;
/** Of the AWS SDK, which the client imports: on Node 20 it warns at once that a later version will want another. */
const AWS_WARNING = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';

/** The client of Snowflake, which a project installs that uses it; DEPENDENCY_NOT_INSTALLED where it did not. It prints nothing and writes no log. */
export async function loadSnowflake(): Promise<typeof snowflake> {
  for (const name of QUIET) process.env[name] ??= 'true';
  try {
    const sdk = await importQuietly();
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

/** The AWS SDK asks for the variable once, while it is imported: after that it is as it was, for what else uses that SDK. */
async function importQuietly(): Promise<typeof snowflake> {
  const before = process.env[AWS_WARNING];
  process.env[AWS_WARNING] = 'true';
  try {
    // a CommonJS module, whose types do not say that its exports are the default
    const { default: sdk } = (await import('snowflake-sdk')) as unknown as { readonly default: typeof snowflake };
    return sdk;
  } finally {
    if (before === undefined) delete process.env[AWS_WARNING];
    else process.env[AWS_WARNING] = before;
  }
}
