import type { TransformEvent, TransformRequest, Transformer } from '../../runtime/resource/transformer.ts';
import type { WarehouseTarget } from '../../runtime/resource/warehouse-target.ts';
import { withOpened, type Opened, type TestFramework } from './test-framework.ts';

export interface TransformerNode {
  /** What selects it. */
  readonly name: string;
  /** What its events call it. */
  readonly id: string;
}

/** A project with four models. */
export interface TransformerFixture {
  readonly dir: string;
  readonly target: WarehouseTarget;
  /** Can be built. */
  readonly good: TransformerNode;
  /** Reads `good`. */
  readonly next: TransformerNode;
  /** Cannot be built: its statement fails. */
  readonly broken: TransformerNode;
  /** Reads `broken`. */
  readonly behind: TransformerNode;
}

export interface OpenedTransformer extends Opened<Transformer> {
  readonly fixture: TransformerFixture;
}

/** What every transformer does. `open` gives one with a project and an empty warehouse. */
export function transformerContract(
  { describe, it, expect }: TestFramework,
  { open }: { readonly open: () => Promise<OpenedTransformer> },
): void {
  const on = (test: (client: Building) => Promise<void>) => () =>
    withOpened<Transformer>(open, (value, opened) => test(building(value, (opened as OpenedTransformer).fixture)));

  describe('a transformer', () => {
    it(
      'builds what is selected in its order, and nothing else',
      on(async ({ build, fixture: { good, next } }) => {
        const events = await build([next, good]);
        expect(events.map(({ type, node }) => `${type} ${node}`)).toEqual([
          `started ${good.id}`,
          `finished ${good.id}`,
          `started ${next.id}`,
          `finished ${next.id}`,
        ]);
        expect(finishedOf(events).map(({ status }) => status)).toEqual(['success', 'success']);
        expect(finishedOf(events).every(({ seconds }) => seconds >= 0)).toBe(true);
      }),
    );

    it(
      'builds a model as often as it is asked to, and two calls at once',
      on(async ({ build, fixture: { good } }) => {
        await build([good]);
        const both = await Promise.all([build([good]), build([good])]);
        expect(both.map((events) => finishedOf(events).map(({ status }) => status))).toEqual([['success'], ['success']]);
      }),
    );

    it(
      'reports a model that fails with a message, skips what reads it, builds the rest, and goes on working',
      on(async ({ build, fixture: { good, broken, behind } }) => {
        const finished = finishedOf(await build([good, broken, behind]));
        const of = ({ id }: TransformerNode) => finished.find(({ node }) => node === id);
        expect([of(good)?.status, of(broken)?.status, of(behind)?.status]).toEqual(['success', 'error', 'skipped']);
        expect((of(broken)?.message ?? '').length > 0).toBe(true);
        expect(finishedOf(await build([good])).map(({ status }) => status)).toEqual(['success']);
      }),
    );

    it(
      'rejects a selection that names nothing',
      on(async ({ build }) => {
        await expect(build([{ name: 'no_such_model', id: '' }])).rejects.toMatchObject({ code: 'DBT_FAILED' });
      }),
    );

    it(
      'rejects a build that is aborted, and goes on working',
      on(async ({ build, fixture: { good } }) => {
        const abort = new AbortController();
        abort.abort(new Error('stopped'));
        await expect(build([good], { signal: abort.signal })).rejects.toMatchObject({ code: 'CANCELED' });
        expect(finishedOf(await build([good])).map(({ status }) => status)).toEqual(['success']);
      }),
    );

    it(
      'may be started up ahead of time, more than once',
      on(async ({ transformer, build, fixture: { good } }) => {
        await Promise.all([transformer.prepare?.(), transformer.prepare?.()]);
        expect(finishedOf(await build([good])).map(({ status }) => status)).toEqual(['success']);
      }),
    );
  });
}

interface Building {
  readonly transformer: Transformer;
  readonly fixture: TransformerFixture;
  build(nodes: readonly TransformerNode[], change?: Partial<TransformRequest>): Promise<readonly TransformEvent[]>;
}

function building(transformer: Transformer, fixture: TransformerFixture): Building {
  return {
    transformer,
    fixture,
    async build(nodes, change = {}) {
      const events: TransformEvent[] = [];
      const { dir, target } = fixture;
      await transformer.build({ dir, target, select: nodes.map(({ name }) => name), ...change }, (event) => void events.push(event));
      return events;
    },
  };
}

type Finished = Extract<TransformEvent, { type: 'finished' }>;

const finishedOf = (events: readonly TransformEvent[]): readonly Finished[] => events.filter((event) => event.type === 'finished');
