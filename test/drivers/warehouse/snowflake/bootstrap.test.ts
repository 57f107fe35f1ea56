import { describe, expect, it } from 'vitest';
import { setUpScript } from '../../../../src/cli/warehouse/script.ts';
import { bootstrap, setUpNames } from '../../../../src/drivers/warehouse/snowflake/bootstrap.ts';

const LAYOUT = { tables: ['bronze', 'gold'], models: ['gold', 'silver'] };

describe('the set-up of a database', () => {
  it('is this script', async () => {
    const script = setUpScript('SPOTIFY_DB', bootstrap(setUpNames({ database: 'SPOTIFY_DB' }), LAYOUT));
    await expect(`${script}\n`).toMatchFileSnapshot('bootstrap.golden.sql');
  });

  it('can be run again: nothing is replaced, dropped or taken away', () => {
    for (const { sql } of bootstrap(setUpNames({ database: 'SPOTIFY_DB' }), LAYOUT))
      expect(sql).toMatch(/^(USE ROLE|GRANT|CREATE (ROLE|WAREHOUSE|DATABASE|SCHEMA|STAGE|FILE FORMAT) IF NOT EXISTS) /);
  });

  it('is by the names of the connection, but for roles that every account has', () => {
    expect(setUpNames({ database: 'D', role: 'PIPELINE', warehouse: 'W' })).toMatchObject({
      loader: 'PIPELINE',
      warehouse: 'W',
      reader: 'D_READER',
    });
    expect(setUpNames({ database: 'D', role: 'accountadmin' })).toMatchObject({ loader: 'D_LOADER', warehouse: 'D_WH' });
  });

  it('quotes every name that comes from elsewhere', () => {
    const names = setUpNames({ database: 'my "db"; DROP', role: 'a"b', warehouse: 'w h' });
    for (const { sql } of bootstrap(names, { tables: ['a "schema'], models: [] })) {
      const unquoted = sql.replaceAll(/"(?:[^"]|"")*"/g, '');
      expect(unquoted).not.toMatch(/["';]|DROP/);
    }
  });
});
