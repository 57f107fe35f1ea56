import type { ComposeService } from '../configuration.ts';

/** The programs that the rehearsal knows. */
export type Kind = 'kafka' | 'minio' | 'postgres' | 'spindle' | 'airflow';

const KINDS: readonly { readonly kind: Kind; readonly image: RegExp; readonly variables: RegExp }[] = [
  { kind: 'kafka', image: /^apache\/kafka:/, variables: /^(KAFKA_[A-Z_]+|CLUSTER_ID)$/ },
  { kind: 'minio', image: /^spindle-minio:/, variables: /^(MINIO_(ROOT_USER|ROOT_PASSWORD|BROWSER|UPDATE)|HOME)$/ },
  {
    kind: 'postgres',
    image: /^postgres:/,
    variables: /^(POSTGRES_(USER|PASSWORD|INITDB_ARGS)|AIRFLOW_DB_PASSWORD|SPINDLE_DB_PASSWORD)$/,
  },
  { kind: 'spindle', image: /^spindle:/, variables: /^SPINDLE_[A-Z0-9_]+$/ },
  {
    kind: 'airflow',
    image: /^spindle-airflow:/,
    variables: /^(AIRFLOW__[A-Z_]+__[A-Z_]+|SPINDLE_[A-Z0-9_]+|AIRFLOW_ADMIN_(USER|PASSWORD))$/,
  },
];

/** Which program the image of a service runs. */
export function kindOf(service: string, { image }: ComposeService): Kind {
  const known = KINDS.find((one) => one.image.test(image));
  if (known === undefined) throw new Error(`The rehearsal has no program for the image ${image} of the service ${service}.`);
  return known.kind;
}

/** The ports on which the programs of a service listen, in its container. */
export const PORTS: Readonly<Record<string, readonly number[]>> = {
  kafka: [9092, 9093],
  minio: [9000],
  postgres: [5432],
  producer: [9464],
  lander: [9464],
  'lake-init': [],
  'first-landing': [],
  'airflow-init': [],
  'airflow-api-server': [8080],
  'airflow-scheduler': [8974, 8793],
  'airflow-dag-processor': [],
  'airflow-triggerer': [8794],
};

/** What the rehearsal does as the engine would. */
const ACTED_ON = ['image', 'command', 'environment', 'depends_on', 'healthcheck', 'volumes', 'restart', 'stop_grace_period'];
/** What only an engine can do: config.test.ts looks at it. */
const OF_THE_ENGINE =
  'build pull_policy user init read_only tmpfs shm_size mem_limit cpus pids_limit cap_drop security_opt logging networks ports'.split(' ');

/** What of the services the rehearsal would not act on: empty where it and the file are in step. */
export function unaccounted(services: Readonly<Record<string, ComposeService>>): readonly string[] {
  return Object.entries(services).flatMap(([name, service]) => {
    const known = KINDS.find(({ image }) => image.test(service.image));
    if (known === undefined) return [`${name}: the image ${service.image}`];
    const keys = Object.keys(service).filter((key) => service[key] !== null && ![...ACTED_ON, ...OF_THE_ENGINE].includes(key));
    const variables = Object.keys(service.environment ?? {}).filter((variable) => !known.variables.test(variable));
    return [
      ...(PORTS[name] === undefined ? [`${name}: the service`] : []),
      ...keys.map((key) => `${name}: the key ${key}`),
      ...variables.map((variable) => `${name}: the variable ${variable}`),
    ];
  });
}
