/**
 * `npm run compose:init`: writes `.env`, which docker-compose.yml reads, with secrets of its own, into the folder in which it is run. Only its owner may read
 * the file. One that is there already is left alone: with `--force` it is replaced, and then the volumes have to be made anew as well.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const PATH = resolve('.env');
const EXAMPLE = join(import.meta.dirname, '../.env.example');

/** Letters, digits, `-` and `_`: whole in a URL, in a shell and in YAML. */
const secret = () => randomBytes(24).toString('base64url');

/** Root has no business in a container; Airflow's images are made for 50000. */
const userId = () => process.getuid?.() || 50_000;

/** What only who has an account can fill in. */
const yours = () => '';

const VALUES = {
  WAREHOUSE: () => 'duckdb',
  PRODUCER_RATE: () => '100',
  AIRFLOW_PORT: () => '8080',
  AIRFLOW_UID: userId,
  AIRFLOW_ADMIN_USER: () => 'admin',
  AIRFLOW_ADMIN_PASSWORD: secret,
  // Fernet takes 32 bytes in URL-safe base64, padded.
  AIRFLOW_FERNET_KEY: () => randomBytes(32).toString('base64').replaceAll('+', '-').replaceAll('/', '_'),
  AIRFLOW_JWT_SECRET: () => randomBytes(64).toString('base64url'),
  AIRFLOW_SECRET_KEY: secret,
  AIRFLOW_DB_PASSWORD: secret,
  SPINDLE_DB_PASSWORD: secret,
  POSTGRES_PASSWORD: secret,
  MINIO_ROOT_USER: () => `spindle-${randomBytes(4).toString('hex')}`,
  MINIO_ROOT_PASSWORD: secret,
  SPINDLE_SNOWFLAKE_ACCOUNT: yours,
  SPINDLE_SNOWFLAKE_USER: yours,
  SPINDLE_SNOWFLAKE_PRIVATE_KEY: yours,
  SPINDLE_SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: yours,
  SPINDLE_SNOWFLAKE_TOKEN: yours,
  SPINDLE_SNOWFLAKE_ROLE: yours,
  SPINDLE_SNOWFLAKE_WAREHOUSE: yours,
  SPINDLE_SNOWFLAKE_DATABASE: yours,
  SPINDLE_SNOWFLAKE_URL: yours,
  SPINDLE_SNOWFLAKE_PROXY: yours,
  TASKS_OFFLINE: () => 'true',
};

/** The example with a value behind each of its names: what it says of them stands in both. */
function environment() {
  const named = new Set();
  const text = readFileSync(EXAMPLE, 'utf8').replaceAll(/^(\w+)=.*$/gm, (_, name) => {
    const value = VALUES[name];
    if (value === undefined) throw new Error(`.env.example has ${name}, for which scripts/compose-init.mjs has no value.`);
    named.add(name);
    return `${name}=${value()}`;
  });
  const forgotten = Object.keys(VALUES).filter((name) => !named.has(name));
  if (forgotten.length > 0) throw new Error(`.env.example lacks ${forgotten.join(', ')}.`);
  return text;
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

const options = process.argv.slice(2);
const unknown = options.filter((option) => option !== '--force');
if (unknown.length > 0) fail(`compose:init takes --force and nothing else, not ${unknown.join(' ')}.`);
const force = options.includes('--force');
if (existsSync(PATH) && !force)
  fail(
    `${PATH} is there already, and was left as it is. --force makes new secrets: the volumes then no longer fit, and go with \`docker compose down --volumes\`, their data too.`,
  );
// Never readable by others, not for a moment, and never half a file.
const draft = `${PATH}.${process.pid}`;
writeFileSync(draft, environment(), { mode: 0o600, flag: 'wx' });
renameSync(draft, PATH);
process.stdout.write(`${PATH} is written, with secrets of its own. Start the system with: docker compose up -d\n`);
