import { isSpindleError, SpindleError } from '../../../runtime/errors.ts';
import type { KafkaSettings } from './settings.ts';

/** What a call is about, for the message where it fails. `right` is the one that Kafka's authorizer asks for, in its words. */
export interface Purpose {
  readonly right: 'Read' | 'Write' | 'Create' | 'Describe' | 'DescribeConfigs';
  readonly topic?: string;
  readonly group?: string;
}

/** What the errors of kafkajs carry: a `type` where the broker answered with an error code, a `code` where the connection has one. */
interface KafkaJsError extends Error {
  readonly type?: string;
  readonly code?: string | number;
  readonly broker?: string;
  readonly cause?: unknown;
  readonly errors?: readonly Error[];
}

/** Error codes of the broker that pass by themselves: a leader, coordinator or replica changes or is not there yet. */
const TRANSIENT: ReadonlySet<string> = new Set([
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
  'REQUEST_TIMED_OUT',
  'BROKER_NOT_AVAILABLE',
  'REPLICA_NOT_AVAILABLE',
  'NETWORK_EXCEPTION',
  'GROUP_LOAD_IN_PROGRESS',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR_FOR_GROUP',
  'NOT_ENOUGH_REPLICAS',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'NOT_CONTROLLER',
  'KAFKA_STORAGE_ERROR',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'OFFSET_NOT_AVAILABLE',
  'UNSTABLE_OFFSET_COMMIT',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'CONCURRENT_TRANSACTIONS',
  'CORRUPT_MESSAGE',
]);

const CONNECTION: ReadonlySet<string> = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSLockTimeout',
]);

const LOGIN: ReadonlySet<string> = new Set(['SASL_AUTHENTICATION_FAILED', 'UNSUPPORTED_SASL_MECHANISM', 'ILLEGAL_SASL_STATE']);

/** Node's codes for a certificate that is not trusted, and for one of another host. */
const CERTIFICATE = /^(UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|CERT_|ERR_TLS_CERT_)/;
const NO_TLS = /^(ERR_SSL_|EPROTO)/;

/** The type of an error code that the broker answered with. */
export const typeOf = (error: unknown): string | undefined => asKafkaJs(error)?.type;

/** Whether the connection failed or gave no answer, so that it is not known what the broker did. */
export const isConnectionError = (error: unknown): boolean => CONNECTION.has(asKafkaJs(error)?.name ?? '');

export function isTransient(error: unknown): boolean {
  if (isSpindleError(error)) return error.transient;
  const failure = asKafkaJs(error);
  if (failure === undefined) return false;
  if (failure.type !== undefined) return TRANSIENT.has(failure.type);
  return CONNECTION.has(failure.name) && !isMisconfigured(failure);
}

/** Whether trying the same connection again is no use. */
const isMisconfigured = ({ code }: KafkaJsError): boolean => typeof code === 'string' && (CERTIFICATE.test(code) || NO_TLS.test(code));

function asKafkaJs(error: unknown): KafkaJsError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { cause, errors } = error as KafkaJsError;
  // what creating topics failed with is in a list, and what kafkajs gave up on behind an error of its own
  if (errors?.[0] !== undefined) return asKafkaJs(errors[0]);
  if ((error.name === 'KafkaJSNumberOfRetriesExceeded' || error.name === 'KafkaJSNonRetriableError') && cause instanceof Error)
    return asKafkaJs(cause);
  return error;
}

/** The error for who uses the broker: of Spindle's own ones, of the signal's and of bugs, itself. */
export function toSpindleError(error: unknown, purpose: Purpose, settings: KafkaSettings): unknown {
  const failure = asKafkaJs(error);
  if (failure === undefined || isSpindleError(failure)) return error;
  const { type, name } = failure;
  if (CONNECTION.has(name)) return unreachable(failure, settings);
  if (name === 'KafkaJSSASLAuthenticationError' || (type !== undefined && LOGIN.has(type))) return loginRefused(failure, settings);
  if (name === 'KafkaJSServerDoesNotSupportApiKey') return tooOld(settings, failure);
  if (type === undefined) return name.startsWith('KafkaJS') ? unreachable(failure, settings) : error;
  if (type.endsWith('_AUTHORIZATION_FAILED')) return notAllowed(failure, purpose, settings);
  if (type === 'UNKNOWN_TOPIC_OR_PARTITION') return topicUnknown(purpose.topic ?? '', failure);
  return refused(failure, purpose, settings);
}

const at = ({ brokers }: KafkaSettings) => `Kafka at ${brokers.join(', ')}`;

function unreachable(failure: KafkaJsError, settings: KafkaSettings): SpindleError {
  const { code, broker, message } = failure;
  const detail = message.replace(/^Connection error: /, '');
  if (typeof code === 'string' && CERTIFICATE.test(code)) {
    return new SpindleError('BROKER_UNREACHABLE', `the certificate of ${at(settings)} is not trusted: ${detail}`, {
      remedy:
        'Let SPINDLE_KAFKA_CA name a file with the certificate of the authority that signed it, and SPINDLE_KAFKA_BROKERS the host it is for.',
      cause: failure,
    });
  }
  if (settings.tls !== false && (NO_TLS.test(String(code)) || /TLS/.test(detail))) {
    return new SpindleError('BROKER_UNREACHABLE', `${at(settings)} does not speak TLS as it is spoken here: ${detail}`, {
      remedy: 'See whether the port of SPINDLE_KAFKA_BROKERS is one with TLS; if not, set SPINDLE_KAFKA_TLS=false.',
      // it may be a broker that ends, too
      transient: isTransient(failure),
      cause: failure,
    });
  }
  const advertised =
    broker === undefined || settings.brokers.includes(broker)
      ? ''
      : ` (the cluster gives ${broker} as an address of its own: advertised.listeners)`;
  const closed =
    failure.name === 'KafkaJSConnectionClosedError'
      ? ' A broker that expects TLS (SPINDLE_KAFKA_TLS) or a login (SPINDLE_KAFKA_SASL_MECHANISM) closes connections without.'
      : '';
  return new SpindleError('BROKER_UNREACHABLE', `${at(settings)} does not answer: ${detail}${advertised}`, {
    remedy: `See that it runs and that SPINDLE_KAFKA_BROKERS names it.${closed}`,
    transient: true,
    cause: failure,
  });
}

function loginRefused(failure: KafkaJsError, settings: KafkaSettings): SpindleError {
  const { login } = settings;
  const who = login === undefined ? 'without a login' : `as user '${login.username}' by ${login.mechanism}`;
  return new SpindleError('BROKER_REFUSED', `${at(settings)} refuses to let Spindle in ${who}: ${failure.message}`, {
    remedy: 'Correct SPINDLE_KAFKA_USERNAME, SPINDLE_KAFKA_PASSWORD and SPINDLE_KAFKA_SASL_MECHANISM.',
    cause: failure,
  });
}

function notAllowed(failure: KafkaJsError, purpose: Purpose, settings: KafkaSettings): SpindleError {
  const user = settings.login?.username;
  const [what, option] = deniedOn(failure.type ?? '', purpose);
  const { right } = purpose;
  return new SpindleError(
    'BROKER_REFUSED',
    `${at(settings)} does not allow user '${user ?? 'ANONYMOUS'}' the operation ${right} on ${what}`,
    {
      remedy: `Give it the right, such as by: kafka-acls --add --allow-principal 'User:${user ?? 'ANONYMOUS'}' --operation ${right} ${option}`,
      cause: failure,
    },
  );
}

/** A cluster that refuses the number of a producer does so for want of a topic that may be written to. */
function deniedOn(type: string, { topic, group, right }: Purpose): readonly [string, string] {
  if (type === 'GROUP_AUTHORIZATION_FAILED' && group !== undefined) return [`the group '${group}'`, `--group '${group}'`];
  if (topic !== undefined && (type === 'TOPIC_AUTHORIZATION_FAILED' || right === 'Write'))
    return [`the topic '${topic}'`, `--topic '${topic}'`];
  return ['the cluster', '--cluster'];
}

export function topicUnknown(topic: string, cause?: unknown): SpindleError {
  return new SpindleError('TOPIC_UNKNOWN', `there is no topic '${topic}' at the Kafka broker`, {
    remedy: 'Materialize the asset that produces the topic first.',
    ...(cause !== undefined && { cause }),
  });
}

function tooOld(settings: KafkaSettings, cause: unknown): SpindleError {
  return new SpindleError('BROKER_REFUSED', `${at(settings)} is older than Spindle can talk to`, {
    remedy: 'Use Kafka 2.3 or newer; 3.9 and 4.1 are tested.',
    cause,
  });
}

/** An answer that is an error, permanent or over all patience. */
function refused(failure: KafkaJsError, { topic, group }: Purpose, settings: KafkaSettings): SpindleError {
  const about = topic === undefined ? (group === undefined ? '' : ` (group '${group}')`) : ` (topic '${topic}')`;
  if (failure.type !== undefined && TRANSIENT.has(failure.type)) {
    return new SpindleError('BROKER_UNREACHABLE', `${at(settings)} is not ready${about}: ${failure.message}`, {
      remedy: 'See that all brokers of the cluster run; then run the same command again.',
      transient: true,
      cause: failure,
    });
  }
  if (failure.type === 'INVALID_REPLICATION_FACTOR') {
    return new SpindleError(
      'CONFIG_INVALID',
      `${at(settings)} cannot keep ${settings.replication ?? 'as many'} copies of the topic '${topic}'`,
      {
        field: 'replication',
        remedy: 'Let kafka({ replication }) be at most the number of brokers, or the broker’s default.replication.factor.',
        cause: failure,
      },
    );
  }
  if (failure.type === 'INVALID_SESSION_TIMEOUT') {
    return new SpindleError(
      'CONFIG_INVALID',
      `${at(settings)} allows members of a group no session of ${settings.sessionTimeout} ms${about}`,
      {
        field: 'sessionTimeout',
        remedy: 'Let kafka({ sessionTimeout }) lie between the broker’s group.min.session.timeout.ms and group.max.session.timeout.ms.',
        cause: failure,
      },
    );
  }
  if (failure.type === 'INVALID_TIMESTAMP') {
    return new SpindleError(
      'BROKER_REFUSED',
      `${at(settings)} refuses a record whose time is too far from now${about}: ${failure.message}`,
      {
        remedy: `Let the topic take such times: kafka-configs --alter --topic ${topic} --add-config message.timestamp.after.max.ms=9223372036854775807`,
        cause: failure,
      },
    );
  }
  return new SpindleError('BROKER_REFUSED', `${at(settings)} refuses the request${about}: ${failure.message} (${failure.type})`, {
    remedy: 'See the broker’s log and its settings.',
    cause: failure,
  });
}

/** The connections were closed by whoever opened them. */
export function closedError(): SpindleError {
  return new SpindleError('INTERNAL', 'the Kafka broker was closed and cannot be used any more');
}
