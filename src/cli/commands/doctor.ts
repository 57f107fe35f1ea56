import type { ArgsOf, CommandContext, CommandParser } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';

export const command = 'doctor';
export const describe = 'Check the machine, the project and its environments';

export const builder = (yargs: CommandParser) =>
  yargs.example('spindle doctor', 'what is missing, and what to do about it').example('spindle doctor --json', 'as JSON');

export async function handler({ project, json }: ArgsOf<typeof builder>, { cwd, env, output }: CommandContext): Promise<ExitCode> {
  const { examine } = await import('../doctor/examine.ts');
  const findings = await examine({ cwd, env, project });
  const failed = findings.some(({ status }) => status === 'fail');
  if (json) output.json(findings);
  else {
    const { findingText } = await import('../doctor/finding.ts');
    output.print(findings.map((finding) => findingText(finding, output.style)).join('\n'));
  }
  return failed ? EXIT.failed : EXIT.ok;
}
