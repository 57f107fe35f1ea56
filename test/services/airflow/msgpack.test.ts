import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pack, unpack } from '../../../src/cli/airflow/native/msgpack.ts';
import { anyPacked } from '../../cli/airflow/native/any-packed.ts';
import { ask } from './ask.ts';

const values = fc.sample(anyPacked, { seed: 5, numRuns: 100 });

describe("Airflow's own MessagePack", () => {
  it('reads what the command line writes', async () => {
    const read = (await ask(
      '3.3',
      'repack-msgpack.py',
      values.map((value) => ({ hex: pack(value).toString('hex') })),
    )) as readonly string[];
    expect(read.map((text) => JSON.parse(text) as unknown)).toEqual(values);
  });

  it('writes what the command line reads', async () => {
    const written = (await ask(
      '3.3',
      'repack-msgpack.py',
      values.map((value) => ({ value })),
    )) as readonly string[];
    expect(written.map((hex) => unpack(Buffer.from(hex, 'hex')))).toEqual(JSON.parse(JSON.stringify(values)));
  });

  it('writes instants that the command line reads, from the first year to the last', async () => {
    const instants = fc.sample(
      fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true }),
      { seed: 5, numRuns: 200 },
    );
    const texts = instants.map((instant) => instant.toISOString().replace('Z', '+00:00'));
    const [hex] = (await ask('3.3', 'repack-msgpack.py', [{ instants: texts }])) as readonly [string];
    expect(unpack(Buffer.from(hex, 'hex'))).toEqual(instants);
  });
});
