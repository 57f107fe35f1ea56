import { replay } from '../../runtime/landing/replay.ts';
import type { Faults } from '../../runtime/resource/faults.ts';
import type { ObjectStore } from '../../runtime/resource/object-store.ts';
import type { CommandContext } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Pipeline } from '../pipeline.ts';
import { formatCount } from '../format.ts';
import { countLetters, letterPlaces, type LetterFilter } from './letter-query.ts';
import type { LetterSource } from './letter-sources.ts';
import { loadReplays } from './load-replays.ts';
import type { OpenLetters } from './open-letters.ts';
import { outdatedTables } from './outdated-tables.ts';
import { describeReplay, replayJson, replayQuestion, replayText, type SourceReplay } from './replay-report.ts';

export interface ReplayRequest {
  readonly pipeline: Pipeline;
  readonly sources: readonly LetterSource[];
  readonly letters: readonly OpenLetters[];
  readonly filter: LetterFilter;
  readonly lake: ObjectStore;
  readonly faults: Faults;
  /** Only counts. */
  readonly dryRun: boolean;
  /** Goes on without asking. */
  readonly yes: boolean;
  readonly json: boolean;
}

/** Replays the dead letters that pass now: writes their replays into the lake, then loads the tables. A call that was killed is finished by the next one. */
export async function replayLetters(request: ReplayRequest, context: CommandContext): Promise<ExitCode> {
  const { pipeline, lake, dryRun, yes, json } = request;
  const { output, signal } = context;
  const lines = await countLines(request, signal);
  if (lines > 0) output.notice(aboutLines(lines));
  const show = (replays: readonly SourceReplay[]) => {
    if (!json && replays.length > 0) output.print(`${replayText(replays, output.style)}\n`);
  };
  if (dryRun || !yes) {
    const judged = await replayAll(request, signal, true);
    const outdated = await outdatedTables(pipeline, tablesOf(judged));
    show(judged);
    if (dryRun || judged.every(isNothing)) {
      if (json) output.json(replayJson(judged, { dryRun, outdated }));
      else output.print(describeReplay(judged, { dryRun, outdated }));
      return EXIT.ok;
    }
    const { confirm } = await import('../confirm.ts');
    if (!(await confirm(replayQuestion(judged, outdated), signal))) {
      output.notice('Nothing was changed.');
      return EXIT.failed;
    }
  }
  const replayed = await replayAll(request, signal, false);
  if (yes) show(replayed);
  const outdated = await outdatedTables(pipeline, tablesOf(replayed));
  const loaded = await loadReplays(replayed, { pipeline, context, lake, outdated, json });
  if (json) output.json(replayJson(replayed, { dryRun, outdated, loaded }));
  else output.print(`${loaded.runs.length > 0 ? '\n' : ''}${describeReplay(replayed, { dryRun, outdated, loaded })}`);
  return loaded.complete ? EXIT.ok : EXIT.failed;
}

async function replayAll(request: ReplayRequest, signal: AbortSignal, dryRun: boolean): Promise<readonly SourceReplay[]> {
  const { sources, letters, filter, lake, faults } = request;
  const done: SourceReplay[] = [];
  for (const source of sources.filter(({ kind }) => kind === 'landing')) {
    async function* places() {
      for (const { table, warehouse, sources: kept } of letters) {
        if (!kept.includes(source)) continue;
        yield* letterPlaces({ table, warehouse, signal, filter: { ...filter, topic: source.topic, chains: [source.chains] } });
      }
    }
    const { topic, schema } = source;
    done.push({ source, replayed: await replay({ lake, topic, schema, letters: places(), dryRun, signal, faults }) });
  }
  return done;
}

/** Dead letters of the choice that are lines of files from elsewhere. */
async function countLines({ letters, filter }: ReplayRequest, signal: AbortSignal): Promise<number> {
  let count = 0;
  for (const { table, warehouse, sources } of letters) {
    const chains = sources.filter(({ kind }) => kind === 'files').map((source) => source.chains);
    if (chains.length > 0) count += await countLetters({ table, warehouse, signal, filter: { ...filter, chains } });
  }
  return count;
}

const aboutLines = (count: number): string =>
  `${formatCount(count)} ${count === 1 ? 'dead letter is a line of a file' : 'dead letters are lines of files'} from elsewhere, and not replayed: put a corrected file in the place of the other one, and the next load replaces what it brought.`;

const isNothing = ({ replayed }: SourceReplay): boolean => replayed.passing + replayed.waiting === 0;

/** The assets of the tables that have something to load. */
const tablesOf = (replays: readonly SourceReplay[]): ReadonlySet<string> =>
  new Set(replays.filter((one) => !isNothing(one)).flatMap(({ source }) => source.tables.map(({ asset }) => asset)));
