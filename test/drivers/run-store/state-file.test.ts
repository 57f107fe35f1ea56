import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readStateFile } from '../../../src/drivers/run-store/state-file.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { observed, openIn } from './open-in.ts';

describe('the state file', () => {
  it('is empty before anything was recorded', async () => {
    expect(await readStateFile(join(await temporaryFolder(), 'state.json'))).toEqual({
      materialized: [],
      observed: [],
      checks: [],
      failed: [],
      fired: [],
      dynamicKeys: {},
    });
  });

  it('of before there were firings and dynamic partitions has none', async () => {
    const path = join(await temporaryFolder(), 'state.json');
    const before = { materialized: [], observed: [observed('a', 'v1')], checks: [], failed: [] };
    await writeFile(path, JSON.stringify({ format: 1, version: 1, state: before }));
    expect(await readStateFile(path)).toEqual({ ...before, fired: [], dynamicKeys: {} });
  });

  it('is written again by the next opener where a process died before it wrote it', async () => {
    const directory = await temporaryFolder();
    const store = await openIn(directory);
    await store.append([observed('a', 'v1')]);
    await store.close();
    const path = join(directory, 'state.json');
    const before = await readFile(path, 'utf8');
    const second = await openIn(directory);
    await second.append([observed('a', 'v2')]);
    await second.close();
    await writeFile(path, before);
    await (await openIn(directory)).close();
    expect((await readStateFile(path)).observed).toEqual([observed('a', 'v2')]);
    await rm(path);
    await (await openIn(directory)).close();
    expect((await readStateFile(path)).observed).toEqual([observed('a', 'v2')]);
  });

  it('is left alone where nothing changed', async () => {
    const directory = await temporaryFolder();
    const store = await openIn(directory);
    await store.append([{ type: 'log', run: 'r', at: '2024-01-01T00:00:00.000Z', asset: 'a', message: 'm' }]);
    await store.close();
    await expect(readFile(join(directory, 'state.json'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('refuses a format that it does not know and what is no JSON', async () => {
    const path = join(await temporaryFolder(), 'state.json');
    await writeFile(path, '{"format":2}');
    await expect(readStateFile(path)).rejects.toMatchObject({ code: 'RUN_STORE_VERSION' });
    await writeFile(path, '{"format":');
    await expect(readStateFile(path)).rejects.toMatchObject({ code: 'STORE_CORRUPT', message: expect.stringContaining(path) });
  });
});
