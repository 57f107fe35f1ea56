import type { Automation } from '../automation/condition.ts';
import type { JobDefinition } from './definition.ts';

/** A selection with a name: what a schedule runs, and what is exported as one DAG. */
export interface Job {
  readonly name: string;
  readonly definition: JobDefinition;
}

export function job(name: string, spec: { select: string; automation?: Automation; tags?: readonly string[] }): Job {
  return { name, definition: { name, select: spec.select, automation: spec.automation?.condition, tags: spec.tags ?? [] } };
}
