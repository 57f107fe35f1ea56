import type { CommandContext } from 'spindle/command';

export interface Told {
  readonly context: CommandContext;
  readonly logs: string[];
  readonly metadata: Record<string, unknown>;
}

/** The context of a step that nobody runs, and what it was told. */
export function told(signal: AbortSignal = new AbortController().signal): Told {
  const logs: string[] = [];
  const metadata: Record<string, unknown> = {};
  const context: CommandContext = {
    signal,
    now: () => new Date('2026-01-01T00:00:00Z'),
    random: () => 0,
    log: (message, fields) => void logs.push(`${message} ${JSON.stringify(fields)}`),
    metadata: (values) => void Object.assign(metadata, values),
    progress: (done, total) => void logs.push(`${done} of ${total}`),
    config: {},
    step: { run: 'r', asset: 'a', partition: undefined, attempt: 1 },
  };
  return { context, logs, metadata };
}

export async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const row of rows) list.push(row);
  return list;
}

/** Runs a script of sh; it sends messages with `>&3`. */
export const sh = (script: string): readonly string[] => ['sh', '-c', script];
