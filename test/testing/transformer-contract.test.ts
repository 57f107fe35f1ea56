import { transformerContract, type TransformerFixture } from 'spindle/testing';
import { SpindleError, type Transformer } from 'spindle';
import { describe, expect, it } from 'vitest';

const node = (name: string) => ({ name, id: `model.${name}` });
const fixture: TransformerFixture = {
  dir: '/nowhere',
  target: { dialect: 'memory' },
  good: node('good'),
  next: node('next'),
  broken: node('broken'),
  behind: node('behind'),
};

/** The least that keeps the contract: models by name, each with the one that it reads. */
function createTransformer(): Transformer {
  const reads: Readonly<Record<string, string | undefined>> = { good: undefined, next: 'good', broken: undefined, behind: 'broken' };
  return {
    async build({ select, signal }, report) {
      if (signal?.aborted === true) throw new SpindleError('CANCELED', 'The build was canceled.', { cause: signal.reason });
      if (select.some((name) => !(name in reads))) throw new SpindleError('DBT_FAILED', 'There is no such model.');
      const failed = new Set<string>();
      for (const name of Object.keys(reads).filter((known) => select.includes(known))) {
        const id = `model.${name}`;
        report({ type: 'started', node: id });
        const skipped = failed.has(reads[name] ?? '');
        if (name === 'broken' || skipped) failed.add(name);
        const status = skipped ? 'skipped' : name === 'broken' ? 'error' : 'success';
        report({ type: 'finished', node: id, status, seconds: 0, ...(status === 'error' && { message: 'it is broken' }) });
      }
    },
  };
}

transformerContract({ describe, it, expect }, { open: async () => ({ value: createTransformer(), fixture, close: async () => {} }) });
