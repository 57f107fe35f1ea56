import { describe, expect, it } from 'vitest';
import { parseVariables } from '../../../src/cli/variables.ts';
import { secretValues } from '../../../src/cli/secret-variables.ts';
import { kafka } from '../../../src/drivers/providers/kafka.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';

const { variables } = kafka();
const parse = (env: Readonly<Record<string, string>>) => parseVariables(new Map([['broker', variables]]), env).get('broker');
const LOGIN = { SPINDLE_KAFKA_USERNAME: 'alice', SPINDLE_KAFKA_PASSWORD: 'alices-secret' };
const BROKERS = { SPINDLE_KAFKA_BROKERS: 'a:9092' };

describe('the variables of kafka()', () => {
  it('are the brokers, a login and TLS, of which only the brokers are needed', () => {
    expect(parse({ SPINDLE_KAFKA_BROKERS: 'kafka-1:9092, [::1]:9093' })).toEqual({
      SPINDLE_KAFKA_BROKERS: ['kafka-1:9092', '[::1]:9093'],
      SPINDLE_KAFKA_TLS: false,
    });
    expect(
      parse({ ...BROKERS, ...LOGIN, SPINDLE_KAFKA_SASL_MECHANISM: 'scram-sha-512', SPINDLE_KAFKA_TLS: 'true', SPINDLE_KAFKA_CA: 'ca.pem' }),
    ).toEqual({
      SPINDLE_KAFKA_BROKERS: ['a:9092'],
      SPINDLE_KAFKA_SASL_MECHANISM: 'scram-sha-512',
      SPINDLE_KAFKA_USERNAME: 'alice',
      SPINDLE_KAFKA_PASSWORD: 'alices-secret',
      SPINDLE_KAFKA_TLS: true,
      SPINDLE_KAFKA_CA: 'ca.pem',
    });
  });

  it.each([
    [{}, 'SPINDLE_KAFKA_BROKERS (broker) is missing: the brokers to begin with, as host:port, separated by commas'],
    [{ SPINDLE_KAFKA_BROKERS: 'a' }, 'SPINDLE_KAFKA_BROKERS (broker) is wrong: is no comma-separated list of host:port'],
    [{ SPINDLE_KAFKA_BROKERS: 'kafka://a:9092' }, 'SPINDLE_KAFKA_BROKERS (broker) is wrong: is no comma-separated list of host:port'],
    [{ SPINDLE_KAFKA_BROKERS: 'a:9092,' }, 'SPINDLE_KAFKA_BROKERS (broker) is wrong: is no comma-separated list of host:port'],
    [{ SPINDLE_KAFKA_BROKERS: 'a:99999' }, 'SPINDLE_KAFKA_BROKERS (broker) is wrong: is no comma-separated list of host:port'],
    [{ ...BROKERS, SPINDLE_KAFKA_PASSWORD: 'p' }, 'SPINDLE_KAFKA_USERNAME (broker) is missing'],
    [{ ...BROKERS, SPINDLE_KAFKA_USERNAME: 'u' }, 'SPINDLE_KAFKA_PASSWORD (broker) is missing'],
    [
      { ...BROKERS, ...LOGIN, SPINDLE_KAFKA_SASL_MECHANISM: 'kerberos' },
      'SPINDLE_KAFKA_SASL_MECHANISM (broker) is wrong: is none of plain, scram-sha-256, scram-sha-512',
    ],
    [{ ...BROKERS, SPINDLE_KAFKA_TLS: 'yes' }, 'SPINDLE_KAFKA_TLS (broker) is wrong: is neither true nor false'],
    [{ ...BROKERS, SPINDLE_KAFKA_CA: 'ca.pem' }, 'SPINDLE_KAFKA_CA (broker) is wrong: only counts with SPINDLE_KAFKA_TLS=true'],
  ])('that are wrong are told: %j', (env, issue) => {
    expect(() => parse(env)).toThrow(expect.objectContaining({ code: 'VARIABLES_INVALID', issues: [issue] }));
  });

  it('keep the password secret', () => {
    expect(secretValues(variables, { ...BROKERS, ...LOGIN })).toEqual(['alices-secret']);
  });
});

describe('kafka()', () => {
  const context = {
    directory: '/none',
    root: '/none',
    signal: new AbortController().signal,
    faults: noFaults,
    notify: () => {},
    open: async () => {},
  };

  it('asks nothing of the broker when it is opened, and leaves nothing behind when it is closed', async () => {
    const provider = kafka({ sessionTimeout: 10_000 });
    const broker = await provider.open({ ...context, variables: parse({ SPINDLE_KAFKA_BROKERS: '127.0.0.1:1' }) ?? {} });
    await provider.close?.(broker);
    await expect(broker.topicNames()).rejects.toMatchObject({ message: 'the Kafka broker was closed and cannot be used any more' });
  });

  it('says which file it cannot read', async () => {
    const variables = { ...BROKERS, SPINDLE_KAFKA_TLS: 'true', SPINDLE_KAFKA_CA: '/no/such/file' };
    await expect(kafka().open({ ...context, variables: parse(variables) ?? {} })).rejects.toMatchObject({
      code: 'VARIABLES_INVALID',
      message: 'SPINDLE_KAFKA_CA names no file that can be read: /no/such/file',
      place: { field: 'SPINDLE_KAFKA_CA' },
    });
  });

  it.each([
    [{ replication: 0 }, 'replication'],
    [{ sessionTimeout: -1 }, 'sessionTimeout'],
    [{ patience: Number.NaN }, 'patience'],
    [{ compression: 'brotli' as 'gzip' }, 'compression'],
  ])('refuses the setting %j', (settings, field) => {
    expect(() => kafka(settings)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', place: { field } }));
  });
});
