import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommonContext, StepInfo } from '../runtime/declare/context.ts';

/** What a command needs of the context that its asset's function gets. */
export interface CommandContext extends CommonContext {
  readonly config: object;
  readonly step: StepInfo;
  readonly partition?: unknown;
  progress(done: number, total?: number): void;
}

export type CommandInputs = Readonly<Record<string, unknown>>;

/** The version of what is in the file and of the messages: a change that an older helper would misunderstand gets the next number. */
export const PROTOCOL = 1;

/** What the process reads from the file that SPINDLE_CONTEXT names. Instants are ISO texts. */
export function contextJson(inputs: CommandInputs, { config, step, partition, now }: CommandContext): string {
  const window = windowOf(partition);
  const fields = {
    protocol: PROTOCOL,
    run: step.run,
    asset: step.asset,
    attempt: step.attempt,
    now: now().toISOString(),
    partition: step.partition === undefined ? null : { key: step.partition, ...window, value: partition },
    config,
    inputs: Object.fromEntries(
      Object.entries(inputs).flatMap(([name, input]) => (input === undefined ? [] : [[name, describeInput(input)]])),
    ),
  };
  // `every` gives its values by partition
  return JSON.stringify(fields, (_, value: unknown) => (value instanceof Map ? Object.fromEntries(value) : value));
}

/** Where the rows of a handle lie, by name; any other input as the value that it is. */
function describeInput(input: unknown): object {
  if (typeof input !== 'object' || input === null || !('kind' in input) || !('rows' in input)) return { kind: 'value', value: input };
  const { kind } = input;
  const version = 'version' in input ? input.version : undefined;
  if (kind === 'table' && 'table' in input) return { kind, table: input.table, version };
  if (kind === 'topic' && 'topic' in input) return { kind, topic: input.topic, version };
  if (kind === 'objects' && 'prefix' in input) return { kind, prefix: input.prefix, version };
  return { kind, version };
}

function windowOf(partition: unknown): { readonly start?: unknown; readonly end?: unknown } {
  return typeof partition === 'object' && partition !== null && 'start' in partition && 'end' in partition
    ? { start: partition.start, end: partition.end }
    : {};
}

/** Puts the context where the process finds it: in a file, since an environment holds little. */
export async function openContextFile(json: string): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'spindle-command-'));
  const path = join(folder, 'context.json');
  await writeFile(path, json, { mode: 0o600 });
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}
