import type { SeenStatement } from '../snowflake/server.ts';
import { TOPICS } from './lake.ts';
import { loaded, type Triggered } from './trigger.ts';

/** What one run of the whole path comes to. */
export interface Account {
  /** From the start of the servers on. */
  readonly seconds: number;
  readonly events: number;
  readonly objects: { readonly count: number; readonly bytes: number };
  readonly triggered: readonly Triggered[];
  readonly gold: { readonly tables: number; readonly rows: number; readonly digests: number };
  readonly statements: readonly SeenStatement[];
}

/** Asked before something is made. */
export const isNotThereYet = ({ code }: SeenStatement): boolean => code === '002003';
/** Two loads at the same moment: one waits for the other, by trying again. */
export const isLocked = ({ code }: SeenStatement): boolean => code === '000625';
export const isOfDbt = ({ sql }: SeenStatement): boolean => sql.includes('"app": "dbt"');

/** As a person reads it. */
export function accountText({ seconds, events, objects, triggered, gold, statements }: Account): string {
  const total = sumOf(triggered);
  const lines: readonly (readonly [string, string])[] = [
    ['produced', `${number(events)} events, to Kafka`],
    ['landed', `${number(objects.count)} objects, ${(objects.bytes / 2 ** 20).toFixed(1)} MiB, in MinIO`],
    ...triggered.map((run, index): readonly [string, string] => [
      `trigger ${index + 1}`,
      `${triggerText(run)}, ${run.seconds.toFixed(0)} s`,
    ]),
    ['bronze', `${number(total.rows)} rows and ${number(total.rejected)} dead letters`],
    ['gold', `${gold.tables} tables of ${number(gold.rows)} rows and ${gold.digests} digests of days, all as in a local run`],
    ['emulator', `${number(statements.length)} statements, ${number(statements.filter(isOfDbt).length)} of them by dbt`],
    ['in all', `${seconds.toFixed(0)} s, with the servers' start and the local run`],
  ];
  return `\n${lines.map(([name, text]) => `  ${name.padEnd(10)} ${text}\n`).join('')}\n`;
}

function triggerText(run: Triggered): string {
  const { objects, skippedObjects, rows, rejected } = sumOf([run]);
  if (objects === 0) return 'every task skipped';
  return `${number(objects)} objects loaded, ${number(skippedObjects)} left alone, ${number(rows)} rows, ${number(rejected)} dead letters`;
}

function sumOf(triggered: readonly Triggered[]) {
  const loads = triggered.flatMap((run) => TOPICS.map((topic) => loaded(run, topic)));
  const sum = (of: keyof (typeof loads)[number]) => loads.reduce((total, load) => total + load[of], 0);
  return { rows: sum('rows'), rejected: sum('rejected'), objects: sum('objects'), skippedObjects: sum('skippedObjects') };
}

const number = (value: number): string => value.toLocaleString('en-US');
