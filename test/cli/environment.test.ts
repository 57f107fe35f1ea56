import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { chooseEnvironment, openEnvironment, type OpenEnvironment } from '../../src/cli/environment.ts';
import { createRedactor } from '../../src/cli/redact.ts';
import { defineProject, type Environment } from '../../src/runtime/declare/project.ts';
import { noFaults } from '../../src/runtime/resource/faults.ts';
import type { Provider } from '../../src/runtime/resource/resource.ts';

const project = defineProject({ name: 'p', assets: [], environments: { local: {}, production: {} } });

describe('choosing an environment', () => {
  it('takes the option, else SPINDLE_ENV, else the first one', () => {
    expect(chooseEnvironment(project, 'production', { SPINDLE_ENV: 'local' }).name).toBe('production');
    expect(chooseEnvironment(project, undefined, { SPINDLE_ENV: 'production' }).name).toBe('production');
    expect(chooseEnvironment(project, undefined, { SPINDLE_ENV: '' }).name).toBe('local');
  });

  it('says which there are where it does not exist', () => {
    expect(() => chooseEnvironment(project, 'prodution', {})).toThrow(
      expect.objectContaining({
        code: 'ENVIRONMENT_UNKNOWN',
        message: expect.stringContaining('Did you mean production?'),
        remedy: 'The environments are local, production.',
      }),
    );
    expect(() => chooseEnvironment(project, 'constructor', {})).toThrow(expect.objectContaining({ code: 'ENVIRONMENT_UNKNOWN' }));
  });
});

function open(providers: Environment, env: NodeJS.ProcessEnv = {}): OpenEnvironment {
  const options = {
    root: '/project',
    env,
    signal: new AbortController().signal,
    faults: noFaults,
    redactor: createRedactor(),
    notify: () => {},
  };
  return openEnvironment({ name: 'local', providers }, options);
}

/** A provider that writes down what happens to it. */
function recorded(name: string, log: string[], provider: Partial<Provider<unknown>> = {}): Provider<unknown> {
  return {
    open: async () => {
      log.push(`open ${name}`);
      return name;
    },
    close: async () => void log.push(`close ${name}`),
    ...provider,
  };
}

describe('an open environment', () => {
  it('opens each resource once, when it is asked for, also by another one, and closes the last one first', async () => {
    const log: string[] = [];
    const environment = open({
      warehouse: recorded('warehouse', log),
      transformer: recorded('transformer', log, {
        open: async ({ open: other, directory }) => {
          log.push(`transformer in ${directory} over ${String(await other('warehouse'))}`);
        },
      }),
      lake: recorded('lake', log),
    });
    await Promise.all([environment.open('transformer'), environment.open('warehouse')]);
    expect(await environment.open('warehouse')).toBe('warehouse');
    await environment.close();
    expect(log).toEqual([
      'open warehouse',
      'transformer in /project/.spindle/local over warehouse',
      'close transformer',
      'close warehouse',
    ]);
  });

  it('writes where SPINDLE_STATE says, from the project on', () => {
    expect(open({}, { SPINDLE_STATE: '' }).directory).toBe('/project/.spindle/local');
    expect(open({}, { SPINDLE_STATE: '/elsewhere' }).directory).toBe('/elsewhere/local');
    expect(open({}, { SPINDLE_STATE: 'state' }).directory).toBe('/project/state/local');
  });

  it('closes all that was opened where one fails to open or to close', async () => {
    const log: string[] = [];
    const environment = open({
      a: recorded('a', log),
      b: recorded('b', log, { close: async () => Promise.reject(new Error('b does not close')) }),
      c: recorded('c', log, { open: async () => Promise.reject(new Error('c does not open')) }),
    });
    await environment.open('a');
    await environment.open('b');
    await expect(environment.open('c')).rejects.toThrow('c does not open');
    await expect(environment.close()).rejects.toThrow('b does not close');
    expect(log).toEqual(['open a', 'open b', 'close a']);
  });

  it('refuses a resource that it lacks, and resources that need each other', async () => {
    const environment = open({
      a: { open: async ({ open: other }) => other('b') },
      b: { open: async ({ open: other }) => other('a') },
    });
    expect(() => environment.require(['a', 'lake'])).toThrow(expect.objectContaining({ code: 'RESOURCE_MISSING' }));
    expect(() => environment.require(['lake'], new Map([['lake', 'lake/plays']]))).toThrow(
      expect.objectContaining({
        message: 'The environment "local" has no lake, which lake/plays needs.',
        place: { asset: 'lake/plays', field: 'lake' },
      }),
    );
    await expect(environment.open('a')).rejects.toThrow('Opening a → b → a has no end.');
  });

  it('gives a provider its variables, parsed, and asks for no others', async () => {
    const environment = open(
      {
        lake: {
          variables: z.object({ PORT: z.coerce.number(), BUCKET: z.string().default('lake') }),
          open: async ({ variables }) => variables,
        },
        broker: { variables: z.object({ BROKERS: z.string() }), open: async () => 1 },
      },
      { PORT: '9000', BUCKET: '', OTHER: 'x' },
    );
    environment.require(['lake']);
    expect(await environment.open('lake')).toEqual({ PORT: 9000, BUCKET: 'lake' });
  });

  it('names all missing and wrong variables at once, and shows no value', () => {
    const environment = open(
      {
        lake: {
          variables: z.object({ ENDPOINT: z.string().describe('the address of the S3 server'), PORT: z.coerce.number() }),
          open: async () => 1,
        },
        warehouse: {
          variables: z.object({
            PASSWORD: z.string().refine((text) => text === '', { error: ({ input }) => `${String(input)} is too easy` }),
          }),
          open: async () => 1,
        },
      },
      { PORT: 'ninety', PASSWORD: 'hunter22' },
    );
    expect(() => environment.require(['lake', 'warehouse'])).toThrow(
      expect.objectContaining({
        code: 'VARIABLES_INVALID',
        message: '3 environment variables are missing or wrong.',
        issues: [
          'ENDPOINT (lake) is missing: the address of the S3 server',
          'PORT (lake) is wrong: Invalid input: expected number, received NaN',
          'PASSWORD (warehouse) is wrong: *** is too easy',
        ],
        remedy: 'Set ENDPOINT, or choose another environment with --env.',
      }),
    );
  });
});
