import { describe, expect, it } from 'vitest';
import { parseVariables } from '../../../src/cli/variables.ts';
import { snowflake, type SnowflakeProviderSettings } from '../../../src/drivers/providers/snowflake.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';
import { thrownBy } from '../../thrown-by.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const GIVEN = {
  SPINDLE_SNOWFLAKE_ACCOUNT: 'org-acc',
  SPINDLE_SNOWFLAKE_USER: 'LOADER',
  SPINDLE_SNOWFLAKE_DATABASE: 'SPOTIFY_DB',
  SPINDLE_SNOWFLAKE_PASSWORD: 'secret word',
};

const parse = (variables: Readonly<Record<string, string>>, settings?: SnowflakeProviderSettings) =>
  parseVariables(new Map([['warehouse', snowflake(settings).variables]]), variables).get('warehouse');
const problems = (variables: Readonly<Record<string, string>>, settings?: SnowflakeProviderSettings) =>
  (thrownBy(() => parse(variables, settings)) as { readonly issues: readonly string[] }).issues;

describe('the variables of snowflake()', () => {
  it('are account, user, database and one way to log in', () => {
    expect(parse(GIVEN)).toEqual(GIVEN);
    expect(problems({}).map((issue) => issue.split(' ')[0])).toEqual([
      'SPINDLE_SNOWFLAKE_ACCOUNT',
      'SPINDLE_SNOWFLAKE_USER',
      'SPINDLE_SNOWFLAKE_DATABASE',
      'SPINDLE_SNOWFLAKE_PRIVATE_KEY_FILE',
    ]);
    expect(problems({}, { database: 'MINE' }).join()).not.toContain('DATABASE');
  });

  it('need none but the name of a section of connections.toml, where the others may stand', () => {
    expect(parse({ SPINDLE_SNOWFLAKE_CONNECTION: 'dev' })).toEqual({ SPINDLE_SNOWFLAKE_CONNECTION: 'dev' });
  });

  it('refuse a second way to log in, and a passphrase of nothing, without their values', () => {
    const both = { ...GIVEN, SPINDLE_SNOWFLAKE_TOKEN: 'secret token', SPINDLE_SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: 'open sesame' };
    expect(problems(both)).toEqual([
      'SPINDLE_SNOWFLAKE_PASSWORD (warehouse) is wrong: is a second way to log in beside SPINDLE_SNOWFLAKE_TOKEN: set one of them',
      'SPINDLE_SNOWFLAKE_PRIVATE_KEY_PASSPHRASE (warehouse) is wrong: only counts with a private key',
    ]);
  });

  it.each(['https://org-acc.snowflakecomputing.com', 'org acc', 'org-acc/', '-acc'])('refuse the account "%s"', (account) => {
    expect(problems({ ...GIVEN, SPINDLE_SNOWFLAKE_ACCOUNT: account })).toEqual([expect.stringContaining('SPINDLE_SNOWFLAKE_ACCOUNT')]);
  });

  it.each(['org-acc', 'ORG-MY_ACC', 'ab12345', 'ab12345.eu-central-1.aws'])('take the account "%s"', (account) => {
    expect(parse({ ...GIVEN, SPINDLE_SNOWFLAKE_ACCOUNT: account })).toMatchObject({ SPINDLE_SNOWFLAKE_ACCOUNT: account });
  });

  it('refuse an address with credentials, and take a proxy with them', () => {
    expect(problems({ ...GIVEN, SPINDLE_SNOWFLAKE_URL: 'https://me:hunter2@host' }).join()).not.toContain('hunter2');
    expect(problems({ ...GIVEN, SPINDLE_SNOWFLAKE_PROXY: 'socks://host' })).toHaveLength(1);
    expect(parse({ ...GIVEN, SPINDLE_SNOWFLAKE_PROXY: 'http://me:hunter2@host:3128' })).toHaveProperty('SPINDLE_SNOWFLAKE_PROXY');
  });
});

describe('the variables of an external stage', () => {
  const STAGE = 'SPINDLE_SNOWFLAKE_STAGE';
  const PLACED = { ...GIVEN, [STAGE]: '_spindle.lake', [`${STAGE}_URL`]: 's3://lake/deep/' };
  const KEY = { [`${STAGE}_KEY_ID`]: 'planted-id', [`${STAGE}_SECRET_KEY`]: 'planted-key' };
  const COMPATIBLE = { ...PLACED, [`${STAGE}_URL`]: 's3compat://lake/', [`${STAGE}_ENDPOINT`]: 's3.example.com' };

  it.each([
    { ...GIVEN, [STAGE]: 'lake.stage' },
    { ...GIVEN, [STAGE]: '"my db"."a.b".stage$1' },
    { ...PLACED, ...KEY },
    { ...PLACED, [`${STAGE}_INTEGRATION`]: 'lake' },
    { ...PLACED, ...KEY, [`${STAGE}_URL`]: 's3gov://lake.of-mine/' },
    { ...COMPATIBLE, ...KEY },
  ])('may be %j', (variables) => {
    expect(parse(variables)).toEqual(variables);
  });

  it.each([
    [{ ...GIVEN, [STAGE]: 'stage' }, ['STAGE (warehouse) is wrong']],
    [{ ...GIVEN, [STAGE]: "a.b' FILES = ('x')" }, ['STAGE (warehouse) is wrong']],
    [{ ...GIVEN, ...KEY }, ['STAGE_KEY_ID (warehouse) is wrong', 'STAGE_SECRET_KEY (warehouse) is wrong']],
    [{ ...PLACED, ...KEY, [STAGE]: '' }, ['STAGE (warehouse) is missing: the external stage']],
    [PLACED, ['STAGE_INTEGRATION (warehouse) is missing: the storage integration of the external stage; or set']],
    [{ ...PLACED, [`${STAGE}_KEY_ID`]: 'planted-id' }, ['STAGE_SECRET_KEY (warehouse) is missing']],
    [{ ...PLACED, [`${STAGE}_SECRET_KEY`]: 'planted-key' }, ['STAGE_KEY_ID (warehouse) is missing']],
    [{ ...PLACED, ...KEY, [`${STAGE}_INTEGRATION`]: 'lake' }, ['STAGE_INTEGRATION (warehouse) is wrong: is a second way']],
    [{ ...PLACED, ...KEY, [`${STAGE}_ENDPOINT`]: 's3.example.com' }, ['STAGE_ENDPOINT (warehouse) is wrong']],
    [{ ...PLACED, ...KEY, [`${STAGE}_URL`]: 's3://lake/deep' }, ['STAGE_URL (warehouse) is wrong']],
    [{ ...PLACED, ...KEY, [`${STAGE}_URL`]: 'https://lake/' }, ['STAGE_URL (warehouse) is wrong']],
    [COMPATIBLE, ['STAGE_KEY_ID (warehouse) is missing', 'STAGE_SECRET_KEY (warehouse) is missing']],
    [{ ...COMPATIBLE, ...KEY, [`${STAGE}_ENDPOINT`]: '' }, ['STAGE_ENDPOINT (warehouse) is missing: the host of the S3 server']],
    [{ ...COMPATIBLE, ...KEY, [`${STAGE}_ENDPOINT`]: 's3.example.com:9000' }, ['STAGE_ENDPOINT (warehouse) is wrong']],
    [{ ...COMPATIBLE, [`${STAGE}_INTEGRATION`]: 'lake' }, ['STAGE_INTEGRATION (warehouse) is wrong: is for buckets of AWS']],
  ])('may not be %j', (variables, expected) => {
    const found = problems(variables);
    expect(found).toEqual(expected.map((text) => expect.stringContaining(`SPINDLE_SNOWFLAKE_${text}`) as string));
    expect(found.join()).not.toContain('planted');
  });

  it('need not name one that the project names', () => {
    const { [STAGE]: _, ...rest } = { ...PLACED, ...KEY };
    expect(problems(rest)).toHaveLength(1);
    expect(parse(rest, { stage: 'lake.stage' })).toEqual(rest);
  });
});

describe('snowflake()', () => {
  it.each(['stage', 'a.b.c.d', 'a b.c', ''])('refuses a stage "%s"', (stage) => {
    expect(thrownBy(() => snowflake({ stage }))).toMatchObject({ code: 'CONFIG_INVALID', place: { field: 'stage' } });
  });

  it('opens no connection before something is asked', async () => {
    const directory = await temporaryFolder();
    const context = {
      directory,
      root: directory,
      signal: new AbortController().signal,
      faults: noFaults,
      notify: () => {},
      open: async () => {},
    };
    const provider = snowflake({ parameters: { STATEMENT_TIMEOUT_IN_SECONDS: 60 } });
    const warehouse = await provider.open({ ...context, variables: { ...GIVEN, SPINDLE_SNOWFLAKE_URL: 'http://127.0.0.1:1' } });
    await expect(provider.close?.(warehouse)).resolves.toBeUndefined();
  });

  it.each([{ timezone: 'Europe/Vienna' }, { AUTOCOMMIT: false }, { 'A = 1, B': 2 }])(
    'refuses parameters that it needs for itself, and what is none: %j',
    (parameters) => {
      expect(thrownBy(() => snowflake({ parameters }))).toMatchObject({ code: 'CONFIG_INVALID', place: { field: 'parameters' } });
    },
  );
});
