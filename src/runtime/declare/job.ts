import type { Automation } from '../automation/condition.ts';
import type { AirflowJobSettings } from './airflow.ts';
import type { JobDefinition } from './definition.ts';

/** A selection with a name: what a schedule runs, and what is exported as one DAG. */
export interface Job {
  readonly name: string;
  readonly definition: JobDefinition;
}

export interface JobSpec {
  select: string;
  automation?: Automation;
  tags?: readonly string[];
  /** How the job becomes a DAG. */
  airflow?: AirflowJobSettings;
}

export function job(name: string, { select, automation, tags = [], airflow = {} }: JobSpec): Job {
  return { name, definition: { name, select, automation: automation?.condition, tags, airflow } };
}
