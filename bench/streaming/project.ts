import { cp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { measure, type Environment, type Measured, type Measuring } from './measured.ts';

export const ENVIRONMENT = 'bench';
export const TOPIC = 'listening_events';
export const STREAM = 'stream/listening_events';
export const LANDING = 'lake/listening_events';
export const TABLE = 'bronze/listening_events';

/** The assets of the pipeline up to bronze, with the environment that is measured. */
const PROJECT = `import { defineProject } from 'spindle';
import { duckDb, kafka, minio, sqliteRunStore } from 'spindle/drivers';
import { deadLetters } from './bronze/dead-letters.ts';
import { bronzeListeningEvents } from './bronze/listening-events.ts';
import { bronzeUserActivity } from './bronze/user-activity.ts';
import { tracks, users } from './catalogue/catalogue.ts';
import { landedListeningEvents } from './lake/listening-events.ts';
import { landedUserActivity } from './lake/user-activity.ts';
import { listeningEvents } from './stream/listening-events.ts';
import { userActivity } from './stream/user-activity.ts';

export const project = defineProject({
  name: 'streaming-bench',
  assets: [
    users,
    tracks,
    listeningEvents,
    userActivity,
    landedListeningEvents,
    landedUserActivity,
    bronzeListeningEvents,
    bronzeUserActivity,
    deadLetters,
  ],
  environments: { ${ENVIRONMENT}: { broker: kafka(), lake: minio(), warehouse: duckDb({ memoryLimit: '512MB' }), runStore: sqliteRunStore() } },
});
`;

/** The pipeline's own streams, landings and bronze tables as a user's project with an empty state: gives its folder. */
export async function writeProject(root: string, folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'src'), { recursive: true });
  for (const part of ['bronze', 'catalogue', 'lake', 'schemas', 'stream'])
    await cp(join(root, 'src/assets', part), join(folder, 'src', part), { recursive: true });
  await writeFile(join(folder, 'src/project.ts'), PROJECT);
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'streaming-bench', type: 'module', spindle: { project: 'src/project.ts' } }),
  );
  return folder;
}

interface Places {
  readonly root: string;
  readonly project: string;
  readonly python: string;
}

/** Runs the command line in the project. */
export const spindle = ({ root, project, python }: Places, args: readonly string[], env: Environment): Measuring =>
  measure(python, { args: [process.execPath, join(root, 'bin/spindle.js'), ...args], cwd: project, env });

/** What a run that printed JSON did with an asset. */
export function assetOf({ stdout }: Measured, asset: string): { readonly rows: number; readonly bytes: number } {
  const { assets } = JSON.parse(stdout) as { readonly assets: readonly { asset: string; result: string; rows: number; bytes: number }[] };
  const line = assets.find((one) => one.asset === asset);
  if (line?.result !== 'materialized') throw new Error(`The run did not materialize ${asset}:\n${stdout}`);
  return line;
}
