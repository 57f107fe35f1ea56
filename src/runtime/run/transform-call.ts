import { transformer, type TransformEvent, type TransformRequest, type Transformer } from '../resource/transformer.ts';
import { warehouse, type Warehouse } from '../resource/warehouse.ts';
import type { RunContext } from './run-context.ts';

/** Has the transformer build what is selected, with the run's warehouse handed over meanwhile. Resolves to that warehouse, which is back by then. */
export async function callTransformer(
  run: RunContext,
  request: Omit<TransformRequest, 'target'>,
  report: (event: TransformEvent) => void,
): Promise<Warehouse> {
  const [client, models] = await Promise.all([
    run.resources.open(warehouse.name) as Promise<Warehouse>,
    run.resources.open(transformer.name) as Promise<Transformer>,
  ]);
  await client.lend('dbt', (target) => models.build({ ...request, target }, report));
  return client;
}
