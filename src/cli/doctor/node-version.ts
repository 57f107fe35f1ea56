import type { Finding } from './finding.ts';

/** The oldest that works; what `engines` in package.json says. */
const MINIMUM = [20, 19] as const;
const RECOMMENDED = 24;

export function examineNode(version: string): Finding {
  const check = 'Node';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < MINIMUM[0] || (major === MINIMUM[0] && minor < MINIMUM[1])) {
    return {
      check,
      status: 'fail',
      message: `version ${version} is too old`,
      remedy: `Install Node ${RECOMMENDED}; ${MINIMUM.join('.')} is the oldest that works.`,
    };
  }
  const hint = major < RECOMMENDED ? `; ${RECOMMENDED} starts faster` : '';
  return { check, status: 'ok', message: `version ${version}${hint}` };
}
