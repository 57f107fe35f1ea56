import type * as snowflake from 'snowflake-sdk';
import { SpindleError } from '../../../runtime/errors.ts';
import { hasCode } from '../../disk/file-error.ts';

/** What the SDK asks the machine that it runs on, and says on its console, unless it is told not to before it is imported. */
const QUIET = {
  SNOWFLAKE_DISABLE_PLATFORM_DETECTION: 'true',
  SNOWFLAKE_DISABLE_MINICORE: 'true',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
} as const;

/** The client of Snowflake, which a project installs that uses it; DEPENDENCY_NOT_INSTALLED where it did not. It writes no log of its own. */
export async function loadSnowflake(): Promise<typeof snowflake> {
  for (const [name, value] of Object.entries(QUIET)) process.env[name] ??= value;
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
