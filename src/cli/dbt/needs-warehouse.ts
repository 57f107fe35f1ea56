/** Commands that touch no warehouse: they leave its file to others. */
const WITHOUT_WAREHOUSE: ReadonlySet<string> = new Set(['deps', 'clean', 'ls', 'list', 'parse', 'init', 'docs serve']);

/** Whether a call of dbt opens the warehouse: not for its help, nor for a command that does without, whichever options stand before it. One that cannot be told does. */
export function needsWarehouse(args: readonly string[]): boolean {
  if (args.includes('--help') || args.includes('-h')) return false;
  const [command = '', part = ''] = args.filter((word) => !word.startsWith('-'));
  return !WITHOUT_WAREHOUSE.has(command) && !WITHOUT_WAREHOUSE.has(`${command} ${part}`);
}
