import type { Command } from '../command.ts';

export interface CommandEntry {
  readonly name: string;
  readonly describe: string;
  readonly load: () => Promise<Command>;
}

/** Every command, in the order in which `--help` shows them. */
export const COMMANDS: readonly CommandEntry[] = [
  { name: 'list', describe: 'List the assets', load: () => import('./list.ts') },
  { name: 'graph', describe: 'Draw the graph of the assets', load: () => import('./graph.ts') },
  { name: 'plan', describe: 'Show what a run would do, and why', load: () => import('./plan.ts') },
  { name: 'materialize', describe: 'Materialize what is stale of the selected assets', load: () => import('./materialize.ts') },
  { name: 'doctor', describe: 'Check the machine, the project and its environments', load: () => import('./doctor.ts') },
];
