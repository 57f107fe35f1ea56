import type { SetUpStatement } from '../../runtime/resource/warehouse.ts';

/** The statements as a script for a worksheet: each purpose is a comment above what it is there for. */
export function setUpScript(name: string, statements: readonly SetUpStatement[]): string {
  const lines = [`-- Sets up ${name.replaceAll('\n', ' ')}. It can be run again at any time.`];
  let purpose: string | undefined;
  for (const statement of statements) {
    if (statement.purpose !== purpose) lines.push('', `-- ${statement.purpose}`);
    ({ purpose } = statement);
    lines.push(`${statement.sql};`);
  }
  return lines.join('\n');
}
