import { jobSubject } from '../../runtime/automation/facts.ts';
import { SpindleError } from '../../runtime/errors.ts';
import { observe } from '../../runtime/run/observe.ts';
import type { CommandContext } from '../command.ts';
import { answeredFirings } from '../daemon/answered-firings.ts';
import { scopeOf } from '../daemon/scope.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { openPipeline, type PipelineArguments } from '../pipeline.ts';
import { requirePartition } from '../require-partition.ts';
import { explainAutomation } from './automation.ts';
import { automationText } from './automation-text.ts';

export interface SubjectArguments extends Pick<PipelineArguments, 'project' | 'env' | 'config' | 'now' | 'job' | 'partition'> {
  readonly asset?: string | undefined;
  readonly offline: boolean;
  readonly json: boolean;
}

/** Shows why the condition of an asset or of a job fires now or does not: what a daemon would decide. */
export async function explainSubject(args: SubjectArguments, context: CommandContext): Promise<ExitCode> {
  const { project, env, config, now, asset, job, partition, offline, json } = args;
  if ((asset === undefined) === (job === undefined))
    throw new SpindleError('USAGE', asset === undefined ? 'Which asset?' : 'An asset and a job: which of the two?', {
      remedy: 'Name one: spindle explain KEY --automation, or spindle explain --job NAME.',
    });
  if (job !== undefined && partition !== undefined)
    throw new SpindleError('USAGE', 'A job fires as a whole, and not for a partition.', {
      field: '--partition',
      remedy: 'Leave --partition out.',
    });
  const pipeline = await openPipeline({ project, env, config, now }, context, { parse: !offline });
  try {
    const { graph } = pipeline.session;
    const subject = job === undefined ? graph.get(asset ?? '').key : jobSubject(graph.job(job).name);
    if (partition !== undefined) requirePartition(graph, asset === undefined ? [] : [asset], { key: partition });
    const { observed: keys } = scopeOf(graph, {});
    const run = offline ? await pipeline.startOffline({ keys }) : await pipeline.start({ keys });
    if (!offline) await observe(run);
    const firings = run.runStore === undefined ? [] : await answeredFirings(run.runStore);
    const explanation = explainAutomation(run, { subject, partition, firings });
    if (json) context.output.json(explanation);
    else context.output.print(automationText(explanation, context.output.style));
    return EXIT.ok;
  } finally {
    await pipeline.close();
  }
}
