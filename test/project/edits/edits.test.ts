import { describe, expect, it } from 'vitest';
import { codeVersionsOf } from '../../../src/project/code-versions.ts';
import { temporaryProject, type Files } from '../temporary-project.ts';
import type { Edit, ShopFile } from './edit.ts';
import { CHANGE, NO_CHANGE, NOT_COMPUTED } from './edits.ts';
import { SHOP } from './shop.ts';

/** The project's code versions, from files in a folder of their own. */
async function versionsOf(files: Files): Promise<ReadonlyMap<string, string>> {
  return codeVersionsOf(await temporaryProject(files).load());
}

function edited({ files, added = {} }: Edit): Files {
  const changed = Object.entries(files).map(([file, replacements]): [string, string] => {
    let text: string = SHOP[file as ShopFile];
    for (const [from, to] of replacements) {
      expect(text.split(from).length - 1, `${file}: ${from}`).toBe(1);
      text = text.replace(from, () => to);
    }
    return [file, text];
  });
  return { ...SHOP, ...Object.fromEntries(changed), ...added };
}

let unedited: Promise<ReadonlyMap<string, string>> | undefined;

/** The keys, as they were, of the assets whose version the edit changes. */
async function staleBy(edit: Edit): Promise<readonly string[]> {
  const before = await (unedited ??= versionsOf(SHOP));
  const after = await versionsOf(edited(edit));
  const { renamed = {} } = edit;
  expect([...after.keys()].toSorted()).toEqual([...before.keys()].map((key) => renamed[key] ?? key).toSorted());
  return [...before.keys()].filter((key) => after.get(renamed[key] ?? key) !== before.get(key));
}

describe('an edit of a project', () => {
  describe('leaves everything fresh that changes only', () => {
    it.each([...NO_CHANGE, ...NOT_COMPUTED])('$name', async (edit) => expect(await staleBy(edit)).toEqual([]));
  });

  describe('makes exactly those stale that use', () => {
    it.each(CHANGE)('$name', async (edit) => expect(await staleBy(edit)).toEqual(edit.stale.toSorted()));
  });
});
