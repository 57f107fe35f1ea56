import type { Broker } from '../../runtime/resource/broker.ts';
import { publishSchema } from '../../runtime/schema/evolution/publish-schema.ts';
import { shellWord } from '../../runtime/shell-word.ts';
import type { CommandContext } from '../command.ts';
import type { DeclaredTopic } from './declared-schemas.ts';
import type { DiffReport } from './report.ts';

/** The topics whose change breaks and that the project writes: those that can be published. */
export function breakingTopics({ parts }: DiffReport, topics: readonly DeclaredTopic[]): readonly DeclaredTopic[] {
  const broken = new Set(parts.filter((part) => part.kind === 'topic' && part.class === 'breaking').map(({ asset }) => asset));
  return topics.filter(({ asset, isWritten }) => isWritten && broken.has(asset));
}

export const acceptCommand = (selection: string | undefined): string =>
  ['spindle diff', ...(selection === undefined ? [] : [shellWord(selection)]), '--accept'].join(' ');

export interface Acceptance {
  readonly topics: readonly DeclaredTopic[];
  readonly project: string;
  readonly broker: Broker;
  readonly environment: string;
  /** Without asking. */
  readonly yes: boolean;
}

/** Publishes the schemas of the topics whatever they break, once it is confirmed; undefined where it is not. */
export async function accept(
  { topics, project, broker, environment, yes }: Acceptance,
  { signal }: Pick<CommandContext, 'signal'>,
): Promise<readonly AcceptedTopic[] | undefined> {
  const names = topics.map(({ topic }) => topic).join(' and ');
  if (!yes) {
    const { confirm } = await import('../confirm.ts');
    const question = `Publish what breaks of ${names} in the environment "${environment}"? Old records that the new schema refuses become dead letters.`;
    if (!(await confirm(question, signal))) return undefined;
  }
  const accepted: AcceptedTopic[] = [];
  for (const { topic, asset, zod } of topics) {
    const options = { broker, topic, schema: zod, assetKey: asset, project, accept: true, signal, now: () => new Date() };
    accepted.push({ topic, version: (await publishSchema(options)).version });
  }
  return accepted;
}

export interface AcceptedTopic {
  readonly topic: string;
  readonly version: number;
}
