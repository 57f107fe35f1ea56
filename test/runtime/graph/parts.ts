import { expect } from 'vitest';
import { define } from '../../../src/runtime/declare/asset.ts';
import type { AssetDefinition, CheckDefinition, JobDefinition } from '../../../src/runtime/declare/definition.ts';
import { isSpindleError } from '../../../src/runtime/errors.ts';
import { buildGraph } from '../../../src/runtime/graph/graph.ts';

export const build = (
  assets: readonly AssetDefinition[],
  { checks = [], jobs = [] }: { checks?: readonly CheckDefinition[]; jobs?: readonly JobDefinition[] } = {},
) => buildGraph({ assets, checks, jobs });
export const issuesOf = (assets: readonly AssetDefinition[], rest?: Parameters<typeof build>[1]): readonly string[] => {
  try {
    build(assets, rest);
    return [];
  } catch (error) {
    if (!isSpindleError(error) || error.code !== 'GRAPH_INVALID') throw error;
    for (const issue of error.issues) expect(error.message).toContain(issue);
    return error.issues;
  }
};
export const one = (key: string, spec: Partial<AssetDefinition> = {}): AssetDefinition => ({ ...define(key, {}), ...spec });
export const check = (of: AssetDefinition, name: string): CheckDefinition => ({
  asset: of,
  name,
  blocking: false,
  severity: 'error',
  description: undefined,
  run: () => ({ passed: true }),
  uniqueId: undefined,
});
export const job = (name: string, select: string, spec: Partial<JobDefinition> = {}): JobDefinition => ({
  name,
  select,
  automation: undefined,
  tags: [],
  airflow: {},
  ...spec,
});
