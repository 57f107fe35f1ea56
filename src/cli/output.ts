import { createStyle, wantsColors, type Style } from './style.ts';

/** Where a command writes. Results go to standard output, notices to standard error, so that a pipe carries results only. */
export interface Output {
  readonly style: Style;
  readonly errorStyle: Style;
  /** Standard error is a terminal: what a live view needs. */
  readonly live: boolean;
  /** Columns of the terminal; 80 where there is none. */
  readonly columns: number;
  /** Writes lines of the result. */
  print(text: string): void;
  /** Writes the result as JSON. */
  json(value: unknown): void;
  /** Writes a line for the person at the terminal. */
  notice(text: string): void;
  /** Writes to standard error as it is. */
  raw(text: string): void;
}

export interface Streams {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

export function createOutput(streams: Streams, env: NodeJS.ProcessEnv, refused: boolean): Output {
  const { stdout, stderr } = streams;
  const styleFor = (stream: NodeJS.WriteStream) => createStyle(wantsColors({ refused, isTerminal: stream.isTTY === true, env }));
  return {
    style: styleFor(stdout),
    errorStyle: styleFor(stderr),
    live: stderr.isTTY === true && env['CI'] === undefined,
    columns: stdout.columns ?? 80,
    print: (text) => void stdout.write(`${text}\n`),
    json: (value) => void stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    notice: (text) => void stderr.write(`${text}\n`),
    raw: (text) => void stderr.write(text),
  };
}

/** A reader that went away (`spindle list | head -1`) is no error: what is left to write is dropped. */
export function ignoreClosedPipes({ stdout, stderr }: Streams): void {
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
