import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeVersionsOf } from '../../src/project/code-versions.ts';
import { temporaryProject } from './temporary-project.ts';

const FILES = {
  'src/train.py': 'print(1)\n',
  'src/project.ts': `
import { asset, defineProject } from 'spindle';
import { command } from 'spindle/command';
export const train = asset('train').run(command(['python3', 'train.py'], { cwd: import.meta.dirname, files: ['train.py'] }));
export const pinned = asset('pinned', { codeVersion: 'v1' }).run(command(['python3', 'train.py'], { cwd: import.meta.dirname, files: ['train.py'] }));
export const other = asset('other').run(command(['python3', 'train.py'], { cwd: import.meta.dirname }));
export const project = defineProject({ name: 'temporary', assets: [train, pinned, other], environments: { local: {} } });
`,
};

describe('the files of a command', () => {
  it('are part of the code version of their asset, and of no other', async () => {
    const project = temporaryProject(FILES);
    const versions = async () => Object.fromEntries(await codeVersionsOf(await project.load()));
    const before = await versions();
    expect(await versions()).toEqual(before);
    project.write({ 'src/train.py': 'print(2)\n' });
    const after = await versions();
    expect(Object.keys(after).filter((key) => after[key] !== before[key])).toEqual(['train']);
    project.write({ 'src/train.py': FILES['src/train.py'] });
    expect(await versions()).toEqual(before);
  });

  it('have to be there', async () => {
    const project = temporaryProject({ 'src/project.ts': FILES['src/project.ts'] });
    await expect(codeVersionsOf(await project.load())).rejects.toMatchObject({
      code: 'PROJECT_INVALID',
      message: expect.stringContaining(join('src', 'train.py')),
    });
  });
});
