import type { Client } from 'pg';
import type { RunSummary } from '../../../runtime/resource/run-store.ts';
import { endOfDead } from '../../../runtime/run/end-of-dead.ts';
import type { RunEvent } from '../../../runtime/run/event.ts';
import { appendEvents } from './append.ts';
import { hasEnded } from './process-lock.ts';
import { lock } from './transaction.ts';

type Started = Extract<RunEvent, { type: 'run.started' }>;
type Finished = Extract<RunEvent, { type: 'run.finished' }>;

/** A run, or a part of one, that goes on as far as its events say. */
interface Going {
  readonly began: string;
  readonly started: Started;
}

/** Ends, inside a transaction, what processes left that ended: their claims, and their runs and parts of runs, as failed at the time of their last event. */
export async function endDeadRuns(client: Client): Promise<void> {
  const { rows: claims } = await client.query<{ process: string }>('select distinct process from claim');
  const going = await goingParts(client);
  const ended = new Set<string>();
  for (const process of new Set([...claims.map((claim) => claim.process), ...going.map(processOf)]))
    if (await hasEnded(client, process)) ended.add(process);
  if (ended.size === 0) return;
  const runs = going.filter((one) => ended.has(processOf(one))).map(({ started }) => started.run);
  await lock(client, new Set(runs.map((run) => `run ${run}`)));
  await client.query('delete from claim where process = any($1)', [[...ended]]);
  // as they are now that nobody else writes to them
  const dead = (await goingParts(client, runs)).filter((one) => ended.has(processOf(one)));
  const ends: Finished[] = [];
  for (const one of dead) ends.push(await endOf(client, one));
  await appendEvents(client, ends);
}

const processOf = ({ started }: Going): string => started.process ?? '';

async function goingParts(client: Client, only?: readonly string[]): Promise<readonly Going[]> {
  const { rows: runs } = await client.query<{ json: RunSummary }>(
    "select json from run where status = 'running' and ($1::text[] is null or run = any($1))",
    [only],
  );
  if (runs.length === 0) return [];
  const summaries = new Map(runs.map(({ json }) => [json.run, json]));
  const { rows } = await client.query<{ json: Started }>(
    "select distinct on (run, part) json from event where run = any($1) and type = 'run.started' order by run, part, seq desc",
    [[...summaries.keys()]],
  );
  return rows.flatMap(({ json: started }) => {
    const { parts, startedAt } = summaries.get(started.run) ?? {};
    const { part, at } = started;
    if (part === undefined) return parts === undefined ? [{ began: startedAt ?? at, started }] : [];
    return parts?.[part]?.status === 'running' ? [{ began: at, started }] : [];
  });
}

async function endOf(client: Client, { began, started }: Going): Promise<Finished> {
  const { run, part } = started;
  const { rows } = await client.query<{ at: string }>(
    'select at from event where run = $1 and part is not distinct from $2 order by seq desc limit 1',
    [run, part ?? null],
  );
  return endOfDead(started, { began, at: rows[0]?.at ?? started.at });
}
