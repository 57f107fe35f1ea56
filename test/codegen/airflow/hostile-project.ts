import * as fc from 'fast-check';
import { asset, check, defineProject, job, partitions, value, type Project } from 'spindle';
import { isKeyText } from '../../../src/runtime/partitions/key.ts';
import { anyText } from '../python/arbitrary.ts';
import { production } from './environment.ts';

/** The texts of one project, as they are declared. */
export interface HostileTexts {
  readonly project: string;
  readonly job: string;
  readonly environment: string;
  readonly tag: string;
  readonly description: string;
  readonly group: string;
  readonly owner: string;
  readonly pool: string;
  readonly check: string;
  readonly checkDescription: string;
  readonly partition: string;
}

const named = anyText.map((text) => text || 'x');
/** What can be an argument of a program or an environment variable. */
const argument = named.map((text) => text.replaceAll(/[\0\p{Cs}]/gu, '?'));

/** Texts that are hard to quote, as far as a project may have them. */
export const hostileTexts: fc.Arbitrary<HostileTexts> = fc.record({
  project: named,
  job: named,
  environment: argument,
  tag: anyText.map((text) => text.slice(0, 100)),
  description: anyText,
  group: named,
  owner: named,
  pool: named,
  check: argument,
  checkDescription: anyText,
  partition: anyText.map((text) => text.slice(0, 200)).filter(isKeyText),
});

/** A project whose every text is such a one: an asset that is checked, one that the check gates, and one that is partitioned. */
export function hostileProject(texts: HostileTexts): Project {
  const { description, group, owner, pool } = texts;
  const store = value<number>();
  const made = asset('made', { description, group, owners: [owner], tags: { [texts.tag]: texts.tag }, pool, store }).run(() => 1);
  const read = asset('read', { store, group, deps: { made }, partitions: partitions.of([texts.partition]) }).run(() => 1);
  return defineProject({
    name: texts.project,
    assets: [made, read],
    checks: [check(made, texts.check, { blocking: true, description: texts.checkDescription }).run(() => ({ passed: true }))],
    jobs: [job(texts.job, { select: '**', tags: [texts.tag] })],
    environments: { [texts.environment]: production },
  });
}
