import type { Readable } from 'node:stream';
import { describeIssue } from '../runtime/schema/row-validator.ts';
import { commandFailed } from './command-error.ts';
import { linesOf } from './lines.ts';
import { Message } from './message.ts';
import { startProcess, type Ending } from './process.ts';
import { contextJson, openContextFile, type CommandContext, type CommandInputs } from './step-context.ts';

export interface CommandSettings {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly grace: number;
  /** What the asset expects of it. */
  readonly sends: 'rows' | 'result' | 'nothing';
}

/** One row, or a result. */
export interface Said {
  readonly value: unknown;
}

const LONGEST_MESSAGE = 16 << 20;
const LONGEST_LOG_LINE = 16 << 10;
const STDERR_LINES = 20;

type Failure = Extract<Message, { type: 'error' }>;

/** Runs the process and yields the rows or results that it sends. It has ended when this has, however this ends. */
export async function* runCommand(settings: CommandSettings, inputs: CommandInputs, context: CommandContext): AsyncIterable<Said> {
  const { argv } = settings;
  context.signal.throwIfAborted();
  const file = await openContextFile(contextJson(inputs, context));
  const { step, signal } = context;
  const child = startProcess({
    ...settings,
    signal,
    env: {
      ...process.env,
      ...settings.env,
      SPINDLE_CONTEXT: file.path,
      SPINDLE_MESSAGES_FD: '3',
      SPINDLE_ASSET: step.asset,
      SPINDLE_PARTITION: step.partition,
    },
  });
  const stderr: string[] = [];
  const logged = Promise.all([
    logLines(child.stdout, (text) => context.log(text, { stream: 'stdout' })),
    logLines(child.stderr, (text) => {
      stderr.push(text);
      if (stderr.length > STDERR_LINES) stderr.shift();
      context.log(text, { stream: 'stderr' });
    }),
  ]);
  let failure: Failure | undefined;
  let finished = false;
  try {
    let number = 0;
    for await (const { text, whole } of linesOf(child.messages, LONGEST_MESSAGE)) {
      number++;
      if (text.trim() === '') continue;
      const message = parseMessage(text, { argv, number, whole });
      if (message.type === 'error') failure = message;
      else yield* valuesOf(message, settings, context);
    }
    const ending = await child.ended;
    await logged;
    finished = true;
    signal.throwIfAborted();
    if (failure !== undefined) throw commandFailed(argv, `failed: ${failure.message}`, { transient: failure.transient ?? false });
    if (ending.code !== 0) throw endedBadly(argv, ending, stderr);
  } finally {
    if (!finished) child.stop();
    child.messages.resume(); // a process that is blocked on a full pipe could not end
    await Promise.allSettled([child.ended, logged]);
    await file.remove();
  }
}

/** What a message carries for the asset; what it says about the step goes to the context. */
function valuesOf(message: Exclude<Message, Failure>, { argv, sends }: CommandSettings, context: CommandContext): readonly Said[] {
  switch (message.type) {
    case 'log':
      context.log(message.message, message.fields);
      return [];
    case 'metadata':
      context.metadata(message.values);
      return [];
    case 'progress':
      context.progress(message.done, message.total);
      return [];
    case 'row':
    case 'rows':
      if (sends !== 'rows')
        throw commandFailed(argv, 'sent rows, and no one asked for them.', {
          remedy: 'Give command() the option rows: the schema of a row.',
        });
      return message.type === 'row' ? [{ value: message.row }] : message.rows.map((value) => ({ value }));
    case 'result':
      if (sends !== 'result')
        throw commandFailed(argv, 'sent a result, and no one asked for it.', {
          remedy: 'Give command() the option result: the schema of the value.',
        });
      return [{ value: message.value }];
  }
}

interface Line {
  readonly argv: readonly string[];
  /** From 1 on. */
  readonly number: number;
  readonly whole: boolean;
}

function parseMessage(text: string, { argv, number, whole }: Line): Message {
  const refuse = (problem: string): never => {
    const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text;
    throw commandFailed(argv, `sent a line that is no message, line ${number}: ${problem}: ${shown}`, {
      remedy: 'Write one JSON object a line to the messages, as docs/command.md says; print everything else to standard output.',
    });
  };
  if (!whole) return refuse(`it is longer than ${LONGEST_MESSAGE >> 20} MiB`);
  const parsed = Message.safeParse(jsonOf(text) ?? refuse('it is not JSON'));
  return parsed.success ? parsed.data : refuse(parsed.error.issues.map(describeIssue).join('; '));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

async function logLines(stream: Readable, log: (text: string) => void): Promise<void> {
  for await (const { text } of linesOf(stream, LONGEST_LOG_LINE)) log(text);
}

function endedBadly(argv: readonly string[], { code, signal }: Ending, stderr: readonly string[]) {
  const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
  const last = stderr.filter((line) => line.trim() !== '').slice(-5);
  return commandFailed(argv, last.length === 0 ? `${how}.` : `${how}: ${last.join(' | ')}`, { issues: stderr });
}
