import { join } from 'node:path';
import { didYouMean } from '../runtime/closest.ts';
import type { Environment, Project } from '../runtime/declare/project.ts';
import { SpindleError } from '../runtime/errors.ts';
import type { Faults } from '../runtime/resource/faults.ts';
import type { Provider } from '../runtime/resource/resource.ts';
import type { Redactor } from './redact.ts';
import { secretValues } from './secret-variables.ts';
import { stateFolder } from './state-folder.ts';
import { parseVariables, type Variables } from './variables.ts';

/** The environment that was chosen, before anything of it is opened. */
export interface ChosenEnvironment {
  readonly name: string;
  readonly providers: Environment;
}

/** `--env`, else SPINDLE_ENV, else the project's first environment; ENVIRONMENT_UNKNOWN where it has no such one. */
export function chooseEnvironment(project: Project, option: string | undefined, env: NodeJS.ProcessEnv): ChosenEnvironment {
  const names = Object.keys(project.environments);
  const name = option ?? (env['SPINDLE_ENV'] || names[0]);
  if (name === undefined) {
    throw new SpindleError('ENVIRONMENT_UNKNOWN', `The project ${project.name} declares no environment.`, {
      remedy: 'Declare one under `environments` of defineProject.',
    });
  }
  const providers = Object.hasOwn(project.environments, name) ? project.environments[name] : undefined;
  if (providers !== undefined) return { name, providers };
  throw new SpindleError('ENVIRONMENT_UNKNOWN', `The project ${project.name} has no environment "${name}".${didYouMean(name, names)}`, {
    field: option === undefined ? 'SPINDLE_ENV' : '--env',
    remedy: `The environments are ${names.join(', ')}.`,
  });
}

export interface EnvironmentOptions {
  /** The project's root, absolute. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly faults: Faults;
  /** Is told the values of secret variables, before anything that is given them is opened. */
  readonly redactor: Redactor;
  notify(message: string): void;
}

/** Resources of one environment, each opened when it is first asked for and once. */
export interface OpenEnvironment {
  readonly name: string;
  /** Where its local drivers write, absolute. */
  readonly directory: string;
  /** Checks that the environment has these resources, and all of their variables together, before any is opened: RESOURCE_MISSING (with the asset that `neededBy` names for it), VARIABLES_INVALID. */
  require(resources: Iterable<string>, neededBy?: ReadonlyMap<string, string>): void;
  open(resource: string): Promise<unknown>;
  /** Closes what was opened, the last one first, all of it even where one fails; then rejects with what failed. */
  close(): Promise<void>;
}

interface Closable {
  close(): Promise<void>;
}

export function openEnvironment({ name, providers }: ChosenEnvironment, options: EnvironmentOptions): OpenEnvironment {
  const { root, env, signal, faults, redactor, notify } = options;
  const directory = join(stateFolder(root, env), name);
  const variables = new Map<string, Variables>();
  const opening = new Map<string, Promise<unknown>>();
  const opened: Closable[] = [];

  const providerOf = (resource: string, asset?: string): Provider<unknown> => {
    const provider = Object.hasOwn(providers, resource) ? providers[resource] : undefined;
    if (provider !== undefined) return provider;
    throw new SpindleError(
      'RESOURCE_MISSING',
      `The environment "${name}" has no ${resource}${asset === undefined ? '' : `, which ${asset} needs`}.`,
      {
        ...(asset !== undefined && { asset }),
        field: resource,
        remedy: `Give it one in the project's environments, or choose another environment with --env.`,
      },
    );
  };
  const require = (resources: Iterable<string>, neededBy?: ReadonlyMap<string, string>): void => {
    const needed = [...new Set(resources)].filter((resource) => !variables.has(resource));
    const schemas = new Map(needed.map((resource) => [resource, providerOf(resource, neededBy?.get(resource)).variables]));
    // Before they are parsed too: what does not parse is still secret.
    for (const schema of schemas.values()) redactor.add(secretValues(schema, env));
    for (const [resource, values] of parseVariables(schemas, env)) {
      redactor.add(secretValues(schemas.get(resource), env, values));
      variables.set(resource, values);
    }
  };
  const start = async (resource: string, path: readonly string[]): Promise<unknown> => {
    if (path.includes(resource)) throw new SpindleError('INTERNAL', `Opening ${[...path, resource].join(' → ')} has no end.`);
    const provider = providerOf(resource);
    require([resource]);
    const value = await provider.open({
      directory,
      root,
      dialect: Object.hasOwn(providers, 'warehouse') ? providers['warehouse']?.dialect : undefined,
      variables: variables.get(resource) ?? {},
      signal,
      faults,
      notify: (message) => notify(redactor.text(message)),
      open: (other) => open(other, [...path, resource]),
    });
    opened.push({ close: async () => provider.close?.(value) });
    return value;
  };
  const open = (resource: string, path: readonly string[]): Promise<unknown> => {
    const known = path.includes(resource) ? undefined : opening.get(resource);
    const value = known ?? start(resource, path);
    if (known === undefined) opening.set(resource, value);
    return value;
  };

  return {
    name,
    directory,
    require,
    open: (resource) => open(resource, []),
    async close() {
      await Promise.allSettled(opening.values());
      opening.clear();
      const failures: unknown[] = [];
      for (let last = opened.pop(); last !== undefined; last = opened.pop())
        await last.close().catch((error: unknown) => failures.push(error));
      if (failures.length === 1) throw failures[0];
      if (failures.length > 1) throw new AggregateError(failures, 'Several resources could not be closed.');
    },
  };
}
