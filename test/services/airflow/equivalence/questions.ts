import {
  partitionMappings,
  scheduledRuns,
  type Mapping,
  type MappingQuestion,
  type RunsQuestion,
  type ScheduledRun,
} from '../timetable.ts';
import { beginningProblems, begunBy, keyProblems, requestProblems, windowProblems } from './coverage.ts';
import type { ExportedDag } from './exported.ts';
import type { LocalJob } from './local.ts';
import { keysToAsk, mappingProblems } from './mapping.ts';
import { iso, requestOf, startsOf, stops, tickProblems } from './schedule.ts';
import { spansOf } from './spans.ts';
import { PROJECT } from './world.ts';

/** A DAG, where it is, and the job that it is made of. */
export interface Pair {
  readonly local: LocalJob;
  readonly exported: ExportedDag;
  readonly file: string;
  readonly dagId: string;
}

/** A question for Airflow, and what is wrong with its answer. */
export type Question =
  | { readonly kind: 'runs'; readonly ask: RunsQuestion; problems(runs: readonly ScheduledRun[]): readonly string[] }
  | { readonly kind: 'mapping'; readonly ask: MappingQuestion; problems(answer: Mapping): readonly string[] };

/** What to ask the timetable of a DAG. */
export function questionsOf({ local, exported, file, dagId }: Pair): readonly Question[] {
  const starts = startsOf(local);
  const crons = stops(starts.crons) ? [] : starts.crons;
  const made = local.made.map((key) => local.graph.get(key));
  const request = requestOf(exported);
  const questions: Question[] = [];
  for (const span of crons.length === 0 ? [] : spansOf(crons)) {
    questions.push({
      kind: 'runs',
      ask: { file, dagId, from: iso(new Date(span.from)), to: iso(new Date(span.to)) },
      problems: (runs) => [
        ...tickProblems(crons, runs, span),
        ...(request === 'partition' ? made.flatMap((asset) => keyProblems(asset, runs)) : []),
        ...(request === 'partition'
          ? [runs[0], runs.at(-1)].flatMap((run) => (run?.partitionKey ? requestProblems(local, exported, run.partitionKey) : []))
          : []),
        ...(request === 'window' ? made.flatMap((asset) => windowProblems(asset, runs)) : []),
      ],
    });
  }
  const start = exported.dag.start_date;
  if (crons.length > 0 && request !== undefined && start !== null) {
    questions.push({
      kind: 'runs',
      ask: { file, dagId, from: start, to: iso(begunBy(made)) },
      problems: (runs) => made.flatMap((asset) => beginningProblems(asset, runs)),
    });
  }
  if (exported.dag.timetable.type === 'PartitionedAssetTimetable') {
    for (const { name, uri } of exported.dag.assets) {
      const key = keyOf(uri ?? '');
      const { upstream, downstream } = keysToAsk(local, key);
      questions.push({
        kind: 'mapping',
        ask: { file, dagId, asset: { name: name ?? '', uri: uri ?? '' }, upstream, downstream: request === 'partition' ? downstream : [] },
        problems: (answer) => (request === 'partition' ? mappingProblems(local, key, answer) : sameProblems(key, answer)),
      });
    }
  }
  return questions;
}

export const keyOf = (uri: string): string => uri.replace(`spindle://${PROJECT}/`, '');

/** A run that is for no partition has a key all the same, one for all. */
const sameProblems = (key: string, { toDownstream }: Mapping): readonly string[] =>
  Object.values(toDownstream).every((keys) => keys.length === 1 && keys[0] === 'all')
    ? []
    : [`keys of ${key} lead to several runs, which are for no partition`];

/** Asks all of it in two processes of Airflow; the problems by the place of their question. */
export async function askAll(questions: readonly Question[]): Promise<readonly (readonly string[])[]> {
  const runs = questions.flatMap((question) => (question.kind === 'runs' ? [question] : []));
  const mappings = questions.flatMap((question) => (question.kind === 'mapping' ? [question] : []));
  const [ran, mapped] = await Promise.all([
    scheduledRuns(
      '3.3',
      runs.map(({ ask }) => ask),
    ),
    partitionMappings(mappings.map(({ ask }) => ask)),
  ]);
  const found = new Map<Question, readonly string[]>();
  runs.forEach((question, index) => {
    const failed = ran[index]!.flatMap(({ error }) => error ?? []);
    found.set(question, failed.length > 0 ? failed : question.problems(ran[index]!));
  });
  mappings.forEach((question, index) => found.set(question, question.problems(mapped[index]!)));
  return questions.map((question) => found.get(question)!);
}
