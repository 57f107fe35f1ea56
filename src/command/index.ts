/** Assets whose work is done by another program: a process that reads its context from a file and sends messages back. */
export { command, type CommandOptions } from './command.ts';
export type { CommandContext, CommandInputs } from './step-context.ts';
