import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbeddedBroker } from '../../src/drivers/broker/embedded.ts';
import { noFaults } from '../../src/runtime/resource/faults.ts';
import { commandLines, spindleArguments } from '../docs/command-line.ts';
import { readPage, root, type Block } from '../docs/page.ts';
import { settled } from '../docs/settled.ts';
import { editablePipeline, type EditablePipeline } from './editable-pipeline.ts';

const PAGE = 'docs/versions.md';
const NOW = ['--now', '2026-06-10T12:30:00Z'];

interface Planned {
  readonly asset: string;
  readonly action: 'run' | 'perhaps' | 'skip' | 'blocked' | 'observe';
  readonly steps: readonly { readonly partition: string | null; readonly reasons: readonly { readonly kind: string }[] }[];
}

const LISTENING = [
  'silver/listening_events',
  'gold/artist_leaderboard',
  'gold/daily_digest',
  'gold/device_mix',
  'gold/hourly_activity',
  'gold/listening_by_country',
  'gold/session_summary',
  'gold/top_songs',
  'gold/user_engagement',
];
const BEHIND_STREAMS = [
  'lake/listening_events',
  'lake/user_activity',
  'staging/stg_listening_events',
  'staging/stg_user_activity',
  'silver/user_activity',
  ...LISTENING,
];

/**
 * What a plan of the pipeline says after each kind of change, to the asset and partition; and that `docs/versions.md`, which shows it to readers,
 * says the same. The tests build on one state, in order.
 */
describe('the plan of the pipeline', () => {
  let pipeline: EditablePipeline;
  const shown = shownOn(PAGE);
  beforeAll(async () => {
    pipeline = await editablePipeline();
    pipeline.edit('src/assets/stream/listening-events.ts', 'generatorConfig(200_000)', 'generatorConfig(2_000)');
    pipeline.edit('src/assets/stream/user-activity.ts', 'generatorConfig(20_000)', 'generatorConfig(2_000)');
    pipeline.spindle('materialize', ...NOW);
  });
  afterAll(() => pipeline.remove());

  /** What is to run, with the kinds of its reasons, and what runs perhaps. */
  const plan = (...args: readonly string[]) => {
    const planned = JSON.parse(pipeline.spindle('plan', '--json', ...(args.includes('--now') ? [] : NOW), ...args)) as readonly Planned[];
    const run = planned.flatMap(({ asset, steps }) =>
      steps.map(
        ({ partition, reasons }) => [partition === null ? asset : `${asset} [${partition}]`, reasons.map(({ kind }) => kind)] as const,
      ),
    );
    return {
      run: Object.fromEntries(run),
      perhaps: planned.flatMap(({ asset, action }) => (action === 'perhaps' ? [asset] : [])).toSorted(),
    };
  };
  /** Compares what the page shows under a heading with what its commands print now. */
  const expectShown = (heading: string) => {
    const blocks = shown.get(heading) ?? [];
    expect(blocks.length, `${PAGE} has a section "${heading}" with commands`).toBeGreaterThan(0);
    for (const { command, output } of blocks) {
      // A command whose output is not shown is only a step.
      const printed = commandLines(command.text)
        .map((line) => pipeline.spindle(...(spindleArguments(line) ?? [])))
        .join('');
      if (output === undefined) continue;
      if (process.env['UPDATE_DOCS'] !== undefined) replaceShown(command, output, printed);
      else expect(settled(output.text), `${PAGE}:${output.line}`).toBe(settled(printed));
    }
  };

  it('has nothing to do where nothing changed', () => {
    expect(plan()).toEqual({ run: {}, perhaps: [] });
    expectShown('Nothing');
  });

  it('has nothing to do after a comment', () => {
    const undo = pipeline.edit('src/assets/catalogue/users.ts', '/** Makes the users.', '// Who listens.\n/** Makes all users.');
    expect(plan()).toEqual({ run: {}, perhaps: [] });
    expectShown('A comment');
    undo();
  });

  it('runs the assets that import a function that changed, and perhaps what is behind them', () => {
    const undo = pipeline.edit('src/assets/catalogue/users.ts', 'weight: 60 }', 'weight: 61 }');
    const behind = [
      'stream/listening_events',
      'stream/user_activity',
      'bronze/listening_events',
      'bronze/user_activity',
      ...BEHIND_STREAMS,
    ];
    expect(plan()).toEqual({ run: { 'catalogue/users': ['code'] }, perhaps: behind.toSorted() });
    expectShown('A function that an asset imports');
    undo();
  });

  it('runs what is due an hour later, and perhaps what is behind it', () => {
    expect(plan('--now', '2026-06-10T13:30:00Z')).toEqual({
      run: {
        'stream/listening_events': ['due'],
        'stream/user_activity': ['due'],
        'bronze/listening_events': ['due', 'upstream'],
        'bronze/user_activity': ['due', 'upstream'],
      },
      perhaps: BEHIND_STREAMS.toSorted(),
    });
    expectShown('An hour later');
  });

  it('runs what another config concerns', () => {
    const { run, perhaps } = plan('--config', 'catalogue/tracks.size=4000');
    expect(run).toEqual({ 'catalogue/tracks': ['config'] });
    expect(perhaps).toContain('stream/listening_events');
    expectShown('Another config');
  });

  it('names what changed in a schema', () => {
    const undo = pipeline.edit('src/assets/schemas/user.ts', 'z.object({', 'z.object({\n  nickname: z.string().optional(),');
    expect(plan('-s', 'catalogue/*').run).toEqual({ 'catalogue/users': ['code'] });
    expectShown('Another schema');
    undo();
  });

  it('has nothing to do after a rename that says so', () => {
    const undo = pipeline.edit(
      'src/assets/catalogue/catalogue.ts',
      "asset('catalogue/users', {",
      "asset('people/users', {\n  formerly: ['catalogue/users'],",
    );
    expect(plan()).toEqual({ run: {}, perhaps: [] });
    expectShown('Another name');
    undo();
  });

  it('runs exactly the day of a late record', async () => {
    await produceLate(pipeline);
    // What nobody asked the broker for, the record does not know.
    expect(plan('--offline')).toEqual({ run: {}, perhaps: [] });
    const { run, perhaps } = plan();
    expect(run).toEqual({ 'lake/listening_events': ['input'] });
    expect(perhaps).toEqual(['bronze/listening_events', 'staging/stg_listening_events', ...LISTENING].toSorted());
    expectShown('A late record');
    const behind = LISTENING.filter((asset) => asset !== 'silver/listening_events' && asset !== 'gold/daily_digest');
    const all = plan();
    expect(all.perhaps).toEqual([]);
    expect(all.run).toEqual(Object.fromEntries([...behind, 'gold/daily_digest [2026-06-05]'].map((step) => [step, ['input']])));
  });
});

/** A play of a song, two days after everything around it was counted. */
async function produceLate({ folder, spindle }: EditablePipeline): Promise<void> {
  const sql = "select * from silver.listening_events where occurred_at < '2026-06-05' and event_type = 'play' order by event_id limit 1";
  const [old] = JSON.parse(spindle('query', '--json', sql)) as readonly [Record<string, unknown>];
  const { _topic, _partition, _offset, _recorded_at, _object, _loaded_at, ...event } = old;
  const late = { ...event, event_id: '00000000-0000-4000-8000-000000000001', occurred_at: '2026-06-05T10:00:00.000Z' };
  const broker = await openEmbeddedBroker({ directory: join(folder, '.spindle/local/broker'), faults: noFaults });
  const record = {
    partition: 0,
    key: null,
    value: Buffer.from(JSON.stringify(late)),
    headers: {},
    timestamp: Date.parse('2026-06-10T12:00:00Z'),
  };
  await broker.produce('listening_events', [record]);
  await broker.close();
}

interface Shown {
  readonly command: Block;
  readonly output: Block | undefined;
}

/** By heading: the commands of a page, each with the output below it. */
function shownOn(path: string): ReadonlyMap<string, readonly Shown[]> {
  const { text, blocks } = readPage(path);
  const lines = text.split('\n');
  const shown = new Map<string, Shown[]>();
  blocks.forEach((command, index) => {
    if (command.language !== 'sh') return;
    const next = blocks[index + 1];
    const output = next?.language === 'text' ? next : undefined;
    const heading =
      lines
        .slice(0, command.line)
        .findLast((line) => line.startsWith('#'))
        ?.replace(/^#+ /, '') ?? '';
    shown.set(heading, [...(shown.get(heading) ?? []), { command, output }]);
  });
  return shown;
}

/** With UPDATE_DOCS set, the page gets what was printed. */
function replaceShown(command: Block, output: Block, printed: string): void {
  const block = (text: string) => `\`\`\`sh\n${command.text}\n\`\`\`\n\n\`\`\`text\n${text}\n\`\`\``;
  const page = readPage(PAGE).text;
  expect(page).toContain(block(output.text));
  writeFileSync(
    join(root, PAGE),
    page.replace(block(output.text), () => block(printed.trim())),
  );
}
