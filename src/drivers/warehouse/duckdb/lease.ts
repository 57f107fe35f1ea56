import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { SpindleError } from '../../../runtime/errors.ts';
import { hasCode, ifPresent } from '../../disk/file-error.ts';
import { currentProcess, hasEnded, type ProcessIdentity } from '../../disk/process-identity.ts';

const POLL = 100;
const HEARTBEAT = 2_000;
/** A holder whose lease was not touched for so long is taken for gone; should it only sleep, DuckDB's own lock still refuses us. */
const SILENCE = 15_000;

export interface LeaseOptions {
  /** The lease file. */
  readonly path: string;
  /** What it guards, for messages. */
  readonly subject: string;
  readonly holder: string;
  /** Milliseconds to wait for another live holder. */
  readonly patience: number;
  notify(message: string): void;
}

/** The right to own a file among processes, seen as a file beside it that says who holds it; its time of change is the heartbeat. */
export interface Lease {
  release(): Promise<void>;
}

interface Record extends ProcessIdentity {
  readonly holder: string;
  readonly token: string;
}

/** Takes the lease; from a holder that ended or fell silent at once, from a live one when it lets go. WAREHOUSE_LOCKED names who did not in time. */
export async function acquireLease(options: LeaseOptions): Promise<Lease> {
  const { path, subject, patience, notify } = options;
  const deadline = performance.now() + patience;
  const record: Record = { ...currentProcess(), holder: options.holder, token: randomUUID() };
  let told = false;
  while (!(await create(path, record))) {
    const other = await readLease(path);
    if (other === undefined) continue;
    if (other.gone) {
      await evict(path, other.record?.token);
      continue;
    }
    if (performance.now() >= deadline) throw warehouseLocked(subject, other.record);
    if (!told) notify(`Waiting for ${subject}, which ${describe(other.record)} holds.`);
    told = true;
    await sleep(POLL);
  }
  return keep(path, record);
}

/** The error that names who holds the file and what to do about it. */
export function warehouseLocked(
  subject: string,
  holder: { readonly pid?: number | string | undefined; readonly host?: string; readonly holder?: string } | undefined,
): SpindleError {
  const stop = holder?.pid === undefined ? '' : `, or stop process ${holder.pid},`;
  return new SpindleError('WAREHOUSE_LOCKED', `${subject} is held by ${describe(holder)}`, {
    transient: true,
    remedy: `Wait until it is done${stop} and run the same command again.`,
  });
}

function describe(
  holder: { readonly pid?: number | string | undefined; readonly host?: string; readonly holder?: string } | undefined,
): string {
  const place = [holder?.pid !== undefined && `process ${holder.pid}`, holder?.host !== undefined && `on ${holder.host}`]
    .filter(Boolean)
    .join(' ');
  const name = holder?.holder ?? 'another program';
  return place === '' ? name : `${name} (${place})`;
}

async function create(path: string, record: Record): Promise<boolean> {
  let file;
  try {
    file = await open(path, 'wx');
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
  try {
    await file.writeFile(JSON.stringify(record));
    return true;
  } catch (error) {
    await rm(path, { force: true }); // a full disk must not leave a lease of nobody's
    throw error;
  } finally {
    await file.close();
  }
}

/** Undefined where the file is gone; no record where its writer has not come to write it, which only silence can settle. */
async function readLease(path: string): Promise<{ readonly record: Record | undefined; readonly gone: boolean } | undefined> {
  const text = await ifPresent(readFile(path, 'utf8'));
  const changed = await ifPresent(stat(path));
  if (text === undefined || changed === undefined) return undefined;
  const record = text.endsWith('}') ? (JSON.parse(text) as Record) : undefined;
  return { record, gone: (record !== undefined && hasEnded(record)) || Date.now() - changed.mtimeMs > SILENCE };
}

/** Moves a lease aside and deletes it, unless another contender did so first and the file is a new one: that is put back. */
async function evict(path: string, token: string | undefined): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  if ((await ifPresent(rename(path, aside).then(() => true))) === undefined) return;
  const moved = await readLease(aside);
  if (moved?.record !== undefined && moved.record.token !== token) await rename(aside, path);
  else await rm(aside, { force: true });
}

function keep(path: string, record: Record): Lease {
  const touch = async () => {
    const now = new Date();
    await ifPresent(utimes(path, now, now));
  };
  // a heartbeat that fails shows itself to others as silence, which is what it is
  const timer = setInterval(() => void touch().catch(() => undefined), HEARTBEAT);
  timer.unref();
  const ours = async () => (await readLease(path))?.record?.token === record.token;
  return {
    async release() {
      clearInterval(timer);
      if (await ours()) await rm(path, { force: true });
    },
  };
}
