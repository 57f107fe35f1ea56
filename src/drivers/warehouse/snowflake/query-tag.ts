import type { StatementOrigin } from '../../../runtime/resource/warehouse.ts';

/** What one tag of the account's query history holds at most, in characters. */
const LONGEST = 2_000;

/** The tag of a statement, as JSON: filters of the query history can read it. What makes it too long is left out, the partition first. */
export function queryTag({ run, project, asset, partition }: Partial<StatementOrigin>): string {
  const tags = [
    { project, asset, partition, run },
    { project, asset, run },
    { project, run },
  ].map((tag) => JSON.stringify({ app: 'spindle', ...tag }));
  return tags.find((tag) => tag.length <= LONGEST) ?? '{"app":"spindle"}';
}
