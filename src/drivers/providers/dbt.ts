import { join } from 'node:path';
import { z } from 'zod';
import type { Provider } from '../../runtime/resource/resource.ts';
import type { Transformer } from '../../runtime/resource/transformer.ts';

/** dbt, in a virtual environment of the project that is set up when it is first needed; SPINDLE_PYTHON names a Python that has dbt already. */
export function dbt(): Provider<Transformer & { close(): Promise<void> }> {
  return {
    variables: z.object({ SPINDLE_PYTHON: z.string().optional() }),
    async open({ root, dialect, directory, variables, notify, faults }) {
      const { openDbtTransformer } = await import('../transformer/dbt.ts');
      return openDbtTransformer({
        root,
        dialect,
        python: variables['SPINDLE_PYTHON'] as string | undefined,
        directory: join(directory, 'dbt'),
        notify,
        faults,
      });
    },
    close: (transformer) => transformer.close(),
  };
}
