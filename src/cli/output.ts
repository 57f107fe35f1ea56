import { createStatusArea, type TerminalSize } from './status-area.ts';
import { createStyle, wantsColors, type Style } from './style.ts';

/** Where a command writes. Results go to standard output, notices to standard error, so that a pipe carries results only. */
export interface Output {
  readonly style: Style;
  readonly errorStyle: Style;
  /** Standard error is a terminal: what `status` needs. */
  readonly live: boolean;
  /** Columns of the terminal; 100 where there is none. */
  readonly columns: number;
  /** Writes lines of the result. */
  print(text: string): void;
  /** Writes the result as JSON. */
  json(value: unknown): void;
  /** Writes a line for the person at the terminal. */
  notice(text: string): void;
  /** Writes the last line of the result, if there is another: nothing more is written, by whomever. */
  end(line?: string): void;
  /** True when that was said: the process is to end at once. */
  readonly ended: boolean;
  /** On a live terminal: keeps these lines at its end, under all that is written later, until the next call. No lines remove them. */
  status(render: (size: TerminalSize) => readonly string[]): void;
}

export interface Streams {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

export function createOutput(streams: Streams, env: NodeJS.ProcessEnv, refused: boolean): Output {
  const { stdout, stderr } = streams;
  const styleFor = (stream: NodeJS.WriteStream) => createStyle(wantsColors({ refused, isTerminal: stream.isTTY === true, env }));
  const live = stderr.isTTY === true && !env['CI'] && env['TERM'] !== 'dumb';
  const area = createStatusArea(stderr);
  let ended = false;
  const writeTo = (stream: NodeJS.WriteStream, text: string) => area.above(() => void stream.write(`${text}\n`));
  return {
    style: styleFor(stdout),
    errorStyle: styleFor(stderr),
    live,
    columns: stdout.columns ?? 100,
    print: (text) => writeTo(stdout, text),
    json: (value) => writeTo(stdout, JSON.stringify(value, null, 2)),
    notice: (text) => writeTo(stderr, text),
    end(line) {
      if (line !== undefined) writeTo(stdout, line);
      ended = true;
      // A function that was let go of may still print: who reads the last line must not read that.
      for (const stream of [stdout, stderr]) stream.write = () => true;
    },
    get ended() {
      return ended;
    },
    status: (render) => {
      if (live) area.show(render);
    },
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
