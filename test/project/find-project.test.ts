import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findProject } from '../../src/project/find-project.ts';
import { temporaryProject } from './temporary-project.ts';

describe('finding the project', () => {
  it('walks up from the working folder to the package.json that names a project', () => {
    const { root } = temporaryProject({ 'src/project.ts': '', 'src/deep/package.json': '{}' });
    expect(findProject(join(root, 'src', 'deep'))).toEqual({ root, entry: join(root, 'src', 'project.ts') });
  });

  it('takes a folder that names a project, or a file, relative to the working folder', () => {
    const { root } = temporaryProject({ 'src/project.ts': '', 'src/other.ts': '' });
    expect(findProject(join(root, 'src'), '..')).toEqual({ root, entry: join(root, 'src', 'project.ts') });
    expect(findProject(join(root, 'src'), 'other.ts')).toEqual({ root, entry: join(root, 'src', 'other.ts') });
  });

  it('says both ways to name a project where there is none', () => {
    const { root } = temporaryProject({ 'package.json': '{}' });
    mkdirSync(join(root, 'empty'));
    const notFound = expect.objectContaining({
      code: 'PROJECT_NOT_FOUND',
      remedy: expect.stringMatching(/--project.*"spindle": \{ "project"/),
    });
    expect(() => findProject(root)).toThrow(notFound);
    expect(() => findProject(root, 'empty')).toThrow(notFound);
    expect(() => findProject(root, 'nowhere.ts')).toThrow(notFound);
  });

  it('refuses a package.json that names a module that does not exist, or names none', () => {
    const { root, write } = temporaryProject({});
    expect(() => findProject(root)).toThrow(/names the project "src\/project.ts", which does not exist/);
    write({ 'package.json': '{ "spindle": {} }' });
    expect(() => findProject(root)).toThrow(expect.objectContaining({ code: 'PROJECT_INVALID' }));
    write({ 'package.json': '{' });
    expect(() => findProject(root)).toThrow(/is not JSON/);
  });
});
