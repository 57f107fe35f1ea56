import { spawnSync } from 'node:child_process';
import { createHash, createPublicKey } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bootstrap, setUpNames } from '../../src/drivers/warehouse/snowflake/bootstrap.ts';
import { readPrivateKey } from '../../src/drivers/warehouse/snowflake/private-key.ts';
import { readPage } from './page.ts';

const { text, blocks } = readPage('docs/snowflake.md');

describe('the page about Snowflake', () => {
  it('makes a key pair that Spindle reads, and tells its fingerprint', () => {
    const folder = mkdtempSync(join(tmpdir(), 'spindle-keys-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const [make = '', fingerprint = ''] = blocks
      .filter(({ language, text: of }) => language === 'sh' && of.includes('openssl'))
      .map((block) => block.text);
    const run = (script: string) =>
      spawnSync('bash', ['-ec', script], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, SPINDLE_SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: 'sesame' },
      });
    const made = run(make);
    expect(made.status, made.stderr).toBe(0);
    expect(readdirSync(folder).toSorted()).toEqual(['public.der', 'public.txt', 'spindle.p8']);

    const privateKey = readPrivateKey(readFileSync(join(folder, 'spindle.p8'), 'utf8'), 'sesame', { key: 'key', passphrase: 'passphrase' });
    const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
    expect(readFileSync(join(folder, 'public.txt'), 'utf8')).toBe(publicKey.toString('base64'));
    expect(run(fingerprint).stdout).toBe(createHash('sha256').update(publicKey).digest('base64'));
  });

  it('names a page of documentation for every statement that init sends, and for no other', () => {
    const kinds = [...text.matchAll(/^\| (`.+`) \| \[.*https:\/\/docs\.snowflake\.com/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, kind = '']) => kind),
    );
    const statements = bootstrap(setUpNames({ database: 'SPOTIFY_DB' }), { tables: ['bronze'], models: ['silver'] }).map(({ sql }) => sql);
    expect(kinds.length).toBeGreaterThan(8);
    expect(statements.filter((sql) => !kinds.some((kind) => sql.startsWith(`${kind} `) || sql.startsWith(`${kind}, `)))).toEqual([]);
    expect(kinds.filter((kind) => !statements.some((sql) => sql.startsWith(kind)))).toEqual([]);
  });

  it('grants the role and names the warehouse that init makes', () => {
    const { loader, warehouse } = setUpNames({ database: 'SPOTIFY_DB' });
    const [sql = ''] = blocks.flatMap((block) => (block.language === 'sql' ? [block.text] : []));
    for (const name of [loader, warehouse]) expect(sql).toContain(name);
  });
});
