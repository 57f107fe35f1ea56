import { setTimeout as delay } from 'node:timers/promises';

/** Airflow's answer was an error; `status` is that of HTTP. */
export class AirflowRestError extends Error {
  readonly status: number;

  constructor(request: string, status: number, body: string) {
    super(`${request} answered ${status}: ${body.slice(0, 2000)}`);
    this.name = 'AirflowRestError';
    this.status = status;
  }
}

/** Calls Airflow's REST API, version 2; what fails for a moment (no connection, a locked SQLite, a server error) is tried again. */
export interface Rest {
  get<T>(path: string): Promise<T>;
  send<T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T>;
}

const TRIES = 5;

/** Who signs in where not everybody is an admin. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

export function createRest(url: string, login?: Login): Rest {
  let token: Promise<string> | undefined;

  async function once<T>(method: string, path: string, body: unknown): Promise<T> {
    token ??= tokenOf(url, login);
    const answer = await fetch(`${url}/api/v2${path}`, {
      method,
      headers: { authorization: `Bearer ${await token}`, accept: 'application/json', 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new AirflowRestError(`${method} ${path}`, answer.status, text);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await once<T>(method, path, body);
      } catch (error) {
        const lasting = error instanceof AirflowRestError && error.status < 500;
        if (lasting || attempt === TRIES) throw error;
        if (!(error instanceof AirflowRestError)) token = undefined;
        await delay(200 * attempt);
      }
    }
  }

  return { get: (path) => call('GET', path), send: call };
}

async function tokenOf(url: string, login: Login | undefined): Promise<string> {
  const request = login && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(login) };
  const answer = await fetch(`${url}/auth/token`, request);
  if (!answer.ok) throw new AirflowRestError('The login', answer.status, await answer.text());
  return ((await answer.json()) as { readonly access_token: string }).access_token;
}

/** A path of the API, each value encoded: run ids have colons and plus signs. */
export const pathOf = (parts: TemplateStringsArray, ...values: readonly (string | number)[]): string =>
  String.raw({ raw: parts }, ...values.map((value) => encodeURIComponent(value)));
