import { writeFile } from 'node:fs/promises';
import { makeTracks } from '../../src/assets/catalogue/tracks.ts';
import { makeUsers } from '../../src/assets/catalogue/users.ts';
import { listeningEvents } from '../../src/assets/stream/generator/listening-events.ts';

const ORIGIN = Date.UTC(2025, 0, 1);
const SPAN = 7 * 86_400_000;

/** Writes events of the pipeline's own generator, one JSON text a line, for a peer that makes none. */
export async function writeEvents(path: string, events: number): Promise<void> {
  const users = await makeUsers({ seed: 1, size: 20_000, before: ORIGIN });
  const tracks = await makeTracks({ seed: 1, size: 5_000, before: ORIGIN });
  const options = { seed: 1, origin: ORIGIN, events, span: SPAN, until: ORIGIN + SPAN, catalogue: { users, tracks } };
  const lines: string[] = [];
  for (const record of listeningEvents({ ...options, shares: { malformed: 0 } }))
    if ('value' in record) lines.push(JSON.stringify(record.value));
  await writeFile(path, `${lines.join('\n')}\n`);
}
