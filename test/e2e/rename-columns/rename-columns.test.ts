import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ListeningEvent } from '../../../src/assets/schemas/listening-event.ts';
import { UserActivity } from '../../../src/assets/schemas/user-activity.ts';
import { readCommittedGraph } from '../../../src/dbt/parse-project.ts';
import { runCommand } from '../../cli/run-command.ts';
import { typeCheck } from '../../types/type-check.ts';
import { build, dir, root, useDbt } from '../dbt-project.ts';
import { editablePipeline, type EditablePipeline } from '../editable-pipeline.ts';
import { openBoundReaders } from './bound-readers.ts';

const TABLES = [
  { relation: 'bronze.listening_events', file: 'src/assets/schemas/listening-event.ts', schema: ListeningEvent },
  { relation: 'bronze.user_activity', file: 'src/assets/schemas/user-activity.ts', schema: UserActivity },
] as const;
/** Every column that is declared of a bronze table, to be renamed in turn. */
const COLUMNS = TABLES.flatMap(({ relation, file, schema }) => Object.keys(schema.shape).map((column) => ({ relation, file, column })));

const declaration = (column: string) => `\n  ${column}: z.`;
const renamed = (column: string) => `\n  ${column}_renamed: z.`;
const Checked = z.object({ drift: z.boolean(), notes: z.array(z.string()) });

describe('a column of bronze that is renamed', () => {
  const rig = useDbt();
  let pipeline: EditablePipeline;
  let bound: Awaited<ReturnType<typeof openBoundReaders>> | undefined;
  beforeAll(async () => {
    pipeline = await editablePipeline();
    const path = await rig.warehouse('warehouse');
    // The second time as incremental models are built.
    for (let time = 0; time < 2; time += 1) await build(rig.dbt, path);
    const graph = (await readCommittedGraph(dir))!;
    const targets = join(rig.directory, 'dbt/target');
    const [target = ''] = readdirSync(targets);
    bound = await openBoundReaders({ graph, path, compiled: join(targets, target, 'compiled') });
  });
  afterAll(() => {
    bound?.close();
    pipeline.remove();
  });

  it('is found by generate dbt --check, which names each model that reads it, or generates nothing', { timeout: 120_000 }, async () => {
    const refused: string[] = [];
    const further: string[] = [];
    for (const { relation, file, column } of COLUMNS) {
      const putBack = pipeline.edit(file, declaration(column), renamed(column));
      const { exit, stdout } = await runCommand(pipeline.folder, ['generate', 'dbt', '--check', '--json']);
      putBack();
      const place = `${relation}.${column}`;
      if (exit !== 3) {
        expect(stdout, place).toContain(`its schema has no column \\"${column}\\"`);
        refused.push(place);
        continue;
      }
      const { drift, notes } = Checked.parse(JSON.parse(stdout));
      expect(drift, place).toBe(true);
      expect(notes, place).toHaveLength(1);
      const [, named = ''] = notes[0]!.split(`${place} is gone. In the dbt project spotify it is read by: `);
      // Unit tests have no SQL that could be bound.
      const models = named.split(', ').filter((name) => !name.startsWith('unit test '));
      const expected = await bound!.readersOf(relation, column);
      expect(expected.length, place).toBeGreaterThan(0);
      expect(models, place).toEqual(expect.arrayContaining([...expected]));
      further.push(...models.filter((name) => !expected.includes(name)).map((name) => `${place}: ${name}`));
    }
    // It names the column, and has it from the other table.
    expect(further).toEqual(['bronze.user_activity.event_type: test gold_counts_the_same_plays']);
    // By it the rows are sliced: the declaration of the table itself is wrong.
    expect(refused).toEqual(['bronze.listening_events.occurred_at', 'bronze.user_activity.occurred_at']);
    expect(await runCommand(pipeline.folder, ['generate', 'dbt', '--check'])).toMatchObject({ exit: 0 });
  });

  it('does not compile: the generators write each of them', { timeout: 120_000 }, () => {
    const sources = readdirSync(join(root, 'src/assets'), { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
    const copies = COLUMNS.flatMap(({ relation, file, column }) =>
      sources.map((path): [string, string] => {
        const text = readFileSync(join(root, 'src/assets', path), 'utf8');
        const own = `src/assets/${path}` === file;
        return [`${relation}.${column}/${path}`, own ? text.replace(declaration(column), () => renamed(column)) : text];
      }),
    );
    const failing = new Set(typeCheck(new Map(copies)).map(({ file }) => file.slice(0, file.indexOf('/'))));
    const compiling = COLUMNS.map(({ relation, column }) => `${relation}.${column}`).filter((place) => !failing.has(place));
    expect(compiling).toEqual([]);
  });
});
