import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { PlannedFile } from '../../codegen/plan-writes.ts';
import { writeAtomically } from '../../project/atomic-file.ts';
import { fileError } from '../../drivers/disk/file-error.ts';
import { SpindleError } from '../../runtime/errors.ts';

/** Does what is planned. Where a file is refused, does nothing at all and throws GENERATED_FILE_EDITED with all of them. `command` overwrites them. */
export function writeFiles(root: string, planned: readonly PlannedFile[], command: string): void {
  const refused = planned.filter(({ action }) => action === 'refuse');
  if (refused.length > 0) {
    const [first] = refused;
    const what =
      refused.length === 1 ? `${first?.path} is not as Spindle generated it` : `${refused.length} files are not as Spindle generated them`;
    throw new SpindleError('GENERATED_FILE_EDITED', `${what}: nothing was written.`, {
      issues: refused.map((file) => `${file.path}: ${whyRefused(file)}`),
      remedy: `Move the edit to what the header of the file names, or a file of yours to another name; or overwrite what is there: ${command} --force`,
    });
  }
  try {
    // Removed first: on some disks two names that differ by case are one file.
    for (const { path, action } of planned) if (action === 'remove') rmSync(join(root, path));
    for (const { path, action, wanted } of planned)
      if (action === 'write' && wanted !== undefined) writeAtomically(join(root, path), wanted);
  } catch (error) {
    throw fileError(error, 'writing generated files');
  }
}

function whyRefused({ state, wanted }: PlannedFile): string {
  if (state === 'foreign') return 'not generated from this project';
  return `edited since it was generated${wanted === undefined ? ', and not generated any more: to keep it, take its header out' : ''}`;
}
