import type { Project } from '../../runtime/declare/project.ts';
import { isSpindleError } from '../../runtime/errors.ts';
import { parseVariables } from '../variables.ts';
import type { Finding } from './finding.ts';

/** Whether the variables of each environment are set. Only those of the default environment are needed by every command. */
export function examineVariables({ environments }: Project, env: NodeJS.ProcessEnv): readonly Finding[] {
  return Object.entries(environments).map(([name, providers], index): Finding => {
    const check = `environment ${name}`;
    const schemas = Object.entries(providers).map(([resource, provider]) => [resource, provider?.variables] as const);
    try {
      parseVariables(new Map(schemas), env);
      return { check, status: 'ok', message: schemas.map(([resource]) => resource).join(', ') || 'no resources' };
    } catch (error) {
      if (!isSpindleError(error)) throw error;
      const { message, issues, remedy } = error;
      const status = index === 0 ? 'fail' : 'warn';
      return { check, status, message: [message, ...issues].join('\n'), ...(remedy !== undefined && { remedy }) };
    }
  });
}
