import type { Socket } from 'node:net';
import type { Output } from '../../output.ts';
import { createStyle } from '../../style.ts';
import { connectTo, flushed } from './supervisor.ts';

/** An output whose lines are lines of the task's log in Airflow. */
export interface LogOutput extends Output {
  /** What it ended with: the result of the task. */
  readonly result: string | undefined;
  /** Resolves when all is sent. */
  close(): Promise<void>;
}

/** Writes to `host:port` a JSON object for each line. */
export async function connectLog(address: string): Promise<LogOutput> {
  const socket = await connectTo(address);
  const style = createStyle(false);
  let result: string | undefined;
  const log = (text: string): void => {
    if (result === undefined) for (const line of text.split('\n')) write(socket, line);
  };
  return {
    style,
    errorStyle: style,
    live: false,
    columns: 100,
    print: log,
    json: (value) => log(JSON.stringify(value)),
    notice: log,
    end(line) {
      result = line;
    },
    get ended() {
      return result !== undefined;
    },
    get result() {
      return result;
    },
    status() {},
    close: () => flushed(socket),
  };
}

const write = (socket: Socket, event: string): boolean =>
  socket.writable && socket.write(`${JSON.stringify({ timestamp: new Date().toISOString(), level: 'info', logger: 'spindle', event })}\n`);
