import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openFresh } from './open.ts';
import { startEmulator, type Emulator } from './server.ts';

/** Milliseconds after which statements are canceled, and in which that has to end one. */
const AFTER = 500;
const SOON = 2_000;
/** More than a process has sessions open at once. */
const MANY = 10;

/** Minutes of work, if nobody ends it; a number tells statements apart. */
const long = (number: number): string => `WITH many AS (SELECT SEQ4() AS n FROM TABLE(GENERATOR(ROWCOUNT => 500000)))
SELECT ${number} AS long, SUM(SQRT(a.n * b.n)) AS total FROM many a CROSS JOIN many b`;

describe('an abort of what runs in Snowflake, by its emulator', () => {
  let emulator: Emulator;
  beforeAll(async () => (emulator = await startEmulator()));
  afterAll(() => emulator.stop());

  const open = async () => {
    const warehouse = await openFresh(emulator);
    onTestFinished(() => warehouse.close());
    await emulator.forget();
    return warehouse;
  };
  const seen = async (part: string) => (await emulator.statements()).filter(({ sql }) => sql.includes(part));

  it('ends the statement at the server within two seconds, with the reason, and its session is not used again', async () => {
    const warehouse = await open();
    await warehouse.query('SELECT 1 AS before');
    const aborting = new AbortController();
    const reason = new Error('enough');
    const begun = performance.now();
    setTimeout(() => aborting.abort(reason), AFTER);
    await expect(warehouse.query(long(1), [], { signal: aborting.signal })).rejects.toBe(reason);
    const lasted = performance.now() - begun;
    expect(lasted).toBeGreaterThan(AFTER - 50);
    expect(lasted).toBeLessThan(AFTER + SOON);
    const [before] = await seen('before');
    expect(await seen('AS long')).toMatchObject([{ ok: false, code: '000604', session: before?.session }]);
    expect(await warehouse.query('SELECT 2 AS after')).toEqual([{ after: 2 }]);
    const [after] = await seen('after');
    expect(after?.session).not.toBe(before?.session);
  });

  it('ends many at once, those that wait for a session too, and leaves room for others', async () => {
    const warehouse = await open();
    const aborting = new AbortController();
    const reason = new Error('enough');
    const queries = Array.from({ length: MANY }, (_, number) => warehouse.query(long(number), [], { signal: aborting.signal }));
    const ended = Promise.allSettled(queries);
    await sleep(AFTER);
    const waiting = new AbortController();
    const late = warehouse.query('SELECT 3 AS late', [], { signal: waiting.signal });
    waiting.abort(reason);
    await expect(late).rejects.toBe(reason);
    expect(await seen('late')).toEqual([]);
    aborting.abort(reason);
    expect((await ended).map((one) => one.status === 'rejected' && one.reason === reason)).toEqual(queries.map(() => true));
    const answers = await Promise.all(Array.from({ length: MANY }, (_, number) => warehouse.query(`SELECT ${number} AS n`)));
    expect(answers).toEqual(answers.map((_, n) => [{ n }]));
  });
});
