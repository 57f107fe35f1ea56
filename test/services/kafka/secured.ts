import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { KafkaLogin } from '../../../src/drivers/broker/kafka/settings.ts';
import type { KafkaOptions } from './server.ts';

const PLAIN = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
const SCRAM = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';

export const ALICE: KafkaLogin = { mechanism: 'plain', username: 'alice', password: 'alices-secret' };
export const BOB: KafkaLogin = { mechanism: 'scram-sha-256', username: 'bob', password: 'bobs-secret' };
export const CAROL: KafkaLogin = { mechanism: 'scram-sha-512', username: 'carol', password: 'carols-secret' };

/**
 * A broker with three more listeners: SASL, TLS and SASL over TLS. It asks an authorizer; who comes by the plain listener may do everything, the users
 * above nothing but what they are given. `certificate` is that of the listeners with TLS.
 */
export function secured(): KafkaOptions & { readonly certificate: string } {
  const folder = mkdtempSync(join(tmpdir(), 'spindle-kafka-tls-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const [key, certificate, both] = ['server.key', 'server.crt', 'server.pem'].map((name) => join(folder, name)) as [string, string, string];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, '-keyout', key, '-out', certificate],
    {
      stdio: 'ignore',
    },
  );
  writeFileSync(both, readFileSync(key, 'utf8') + readFileSync(certificate, 'utf8'));
  const login = (listener: string) => ({
    [`listener.name.${listener}.sasl.enabled.mechanisms`]: 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    [`listener.name.${listener}.plain.sasl.jaas.config`]: `${PLAIN} user_${ALICE.username}="${ALICE.password}";`,
    [`listener.name.${listener}.scram-sha-256.sasl.jaas.config`]: SCRAM,
    [`listener.name.${listener}.scram-sha-512.sasl.jaas.config`]: SCRAM,
  });
  const tls = (listener: string) => ({
    [`listener.name.${listener}.ssl.keystore.type`]: 'PEM',
    [`listener.name.${listener}.ssl.keystore.location`]: both,
  });
  return {
    certificate,
    listeners: [
      { name: 'SASL', protocol: 'SASL_PLAINTEXT' },
      { name: 'TLS', protocol: 'SSL' },
      { name: 'BOTH', protocol: 'SASL_SSL' },
    ],
    scram: [
      `SCRAM-SHA-256=[name=${BOB.username},password=${BOB.password}]`,
      `SCRAM-SHA-512=[name=${CAROL.username},password=${CAROL.password}]`,
    ],
    properties: {
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': 'User:ANONYMOUS',
      ...login('sasl'),
      ...login('both'),
      ...tls('tls'),
      ...tls('both'),
    },
  };
}
