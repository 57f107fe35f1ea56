import { evaluateForever, settle } from '../../runtime/automation/loop.ts';
import { clockAt, systemClock } from '../../runtime/run/system-clock.ts';
import type { CommandContext } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { neededResources } from '../../runtime/graph/needed-resources.ts';
import { openPipeline } from '../pipeline.ts';
import { requireRunStore } from '../require-run-store.ts';
import { createBackoff } from './backoff.ts';
import { claimDaemon } from './claim.ts';
import { evaluateOnce } from './evaluate.ts';
import { createDaemonReport } from './report.ts';
import { scopeOf } from './scope.ts';

export interface DaemonArguments {
  readonly project?: string | undefined;
  readonly env?: string | undefined;
  readonly select?: string | undefined;
  readonly job?: string | undefined;
  readonly config?: readonly string[] | undefined;
  readonly concurrency?: number | undefined;
  readonly now?: string | undefined;
  /** Milliseconds. */
  readonly interval: number;
  readonly once: boolean;
  readonly takeOver: boolean;
  readonly json: boolean;
}

/** Follows the conditions of a project until the signal, or once. */
export async function runDaemon(args: DaemonArguments, context: CommandContext): Promise<ExitCode> {
  const { signal, output, redactor } = context;
  const { project, env, job, select, config, concurrency, now, interval, once, takeOver, json } = args;
  const clock = now === undefined ? systemClock : clockAt(now);
  const pipelineArguments = { project, env, config, concurrency, now };
  // Holds the claim; each evaluation opens a pipeline of its own, so that code that changed is loaded, and files and locks are let go between.
  const holding = await openPipeline(pipelineArguments, context, { parse: true });
  try {
    // What would be refused each time is refused now.
    const needed = neededResources(holding.session.graph, scopeOf(holding.session.graph, { job, select }).made);
    holding.environment.require(needed.keys(), needed);
    const release = await claimDaemon(await requireRunStore(holding), { now: systemClock.now(), takeOver });
    try {
      const report = createDaemonReport({ output, redactor, json, now: () => clock.now() });
      if (!once) report.started(holding.environment.name);
      let loaded = holding.session.project;
      let failed = false;
      const memory = { warned: new Set<string>(), backoff: createBackoff(systemClock) };
      const evaluate = async () => {
        const pipeline = await openPipeline(pipelineArguments, context, { parse: true });
        try {
          if (pipeline.session.project !== loaded) report.reloaded();
          loaded = pipeline.session.project;
          const evaluated = await evaluateOnce(pipeline, { job, select, signal, report, memory });
          failed ||= evaluated.failed;
          return evaluated;
        } finally {
          await pipeline.close();
        }
      };
      if (!once) {
        await evaluateForever({ clock, signal, interval, evaluate, failed: report.failed });
        report.stopped();
        return EXIT.ok;
      }
      await settle(evaluate, signal);
      return failed ? EXIT.failed : EXIT.ok;
    } finally {
      await release();
    }
  } finally {
    await holding.close();
  }
}
