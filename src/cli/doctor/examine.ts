import { isSpindleError } from '../../runtime/errors.ts';
import { openSession, type Session } from '../session.ts';
import { stateFolder } from '../state-folder.ts';
import type { Finding } from './finding.ts';
import { examineLocks } from './locks.ts';
import { examineManifests } from './manifest.ts';
import { examineNode } from './node-version.ts';
import { examinePython } from './python.ts';
import { examineStateFolder } from './state-folder.ts';
import { examineVariables } from './variables.ts';

export interface ExamineOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly project: string | undefined;
}

/** Runs every check, whatever the others find; those of a project only where it loads. */
export async function examine({ cwd, env, project }: ExamineOptions): Promise<readonly Finding[]> {
  const [session, loading] = await examineProject(cwd, project);
  return [
    examineNode(process.versions.node),
    loading,
    ...(await examinePython(session)),
    ...(session === undefined
      ? []
      : [
          ...(await examineManifests(session)),
          examineStateFolder(stateFolder(session.root, env)),
          ...examineLocks(stateFolder(session.root, env)),
          ...examineVariables(session.project, env),
        ]),
  ];
}

async function examineProject(cwd: string, path: string | undefined): Promise<readonly [Session | undefined, Finding]> {
  const check = 'project';
  try {
    const session = await openSession(cwd, path);
    const { project, graph } = session;
    return [session, { check, status: 'ok', message: `${project.name}, ${graph.keys.length} assets, in ${session.root}` }];
  } catch (error) {
    if (!isSpindleError(error)) throw error;
    const { code, message, issues, remedy } = error;
    const more = issues.filter((issue) => !message.includes(issue));
    return [
      undefined,
      { check, status: 'fail', message: [`${code}: ${message}`, ...more].join('\n'), ...(remedy !== undefined && { remedy }) },
    ];
  }
}
