import type { StreamNotice } from '../../runtime/stream/notice.ts';
import { quantile } from '../../runtime/stream/quantile.ts';
import { exitCodeOf, type ExitCode } from '../exit-code.ts';
import { formatCount, formatDuration } from '../format.ts';
import type { Output } from '../output.ts';
import { codedError, errorObject, errorText, redactedError } from '../print-error.ts';
import { holderText } from '../progress/holder-text.ts';
import type { Redactor } from '../redact.ts';
import { table } from '../table.ts';
import type { AssetSummary } from './metrics.ts';
import { SUMMARY_COLUMNS } from './summary-columns.ts';

export interface StreamReportOptions {
  readonly output: Output;
  readonly redactor: Redactor;
  readonly json: boolean;
  readonly assets: readonly string[];
}

/** The log of a stream: a line for each thing that happens and one for each asset every few seconds; with JSON an object a line, each flush by itself. */
export interface StreamReport {
  started(environment: string): void;
  listen(asset: string, notice: StreamNotice): void;
  /** Tells of the error, and what the process is to end with. */
  failed(error: unknown): ExitCode;
  stopped(summary: readonly AssetSummary[]): void;
}

/** Milliseconds between two lines of one asset. */
const EVERY = 10_000;

interface Interval {
  records: number;
  rejected: number;
  latencies: number[];
}

export function createStreamReport({ output, redactor, json, assets }: StreamReportOptions): StreamReport {
  const { style } = output;
  const line = (type: string, text: string, fields: Readonly<Record<string, unknown>>): void => {
    const at = new Date().toISOString();
    output.print(json ? JSON.stringify({ at, type, ...fields }) : `${style.dim(at)}  ${text.replaceAll('\n', '\n    ')}`);
  };
  const intervals = new Map<string, Interval>();
  const lags = new Map<string, number>();
  let since = performance.now();
  const tell = (): void => {
    const seconds = (performance.now() - since) / 1000;
    since = performance.now();
    for (const [asset, { records, rejected, latencies }] of intervals) {
      const p99 = quantile(latencies, 0.99);
      const parts = [
        `${formatCount(Math.round(records / seconds))} records/s`,
        ...(lags.has(asset) ? [`lag ${formatCount(lags.get(asset) ?? 0)}`] : []),
        ...(p99 === undefined ? [] : [`p99 ${formatDuration(p99)}`]),
        ...(rejected === 0 ? [] : [style.yellow(`${formatCount(rejected)} set aside`)]),
      ];
      line('progress', `${asset}  ${parts.join(', ')}`, {});
    }
    intervals.clear();
  };
  const timer = json ? undefined : setInterval(tell, EVERY);
  const text = (thrown: unknown) => redactedError(codedError(thrown), redactor);

  return {
    started: (environment) =>
      line('started', `start ${assets.join(', ')} in the environment ${environment}. Ctrl-C ends it in order.`, { environment, assets }),
    listen(asset, notice) {
      switch (notice.type) {
        case 'flushed': {
          const { latencies, type, ...flush } = notice;
          if (flush.records === 0) return;
          if (json) {
            const latency = latencies.length === 0 ? null : { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) };
            return line(type, '', { asset, ...flush, latency });
          }
          const interval = intervals.get(asset) ?? { records: 0, rejected: 0, latencies: [] };
          interval.records += flush.records;
          interval.rejected += flush.rejected;
          for (const latency of latencies) interval.latencies.push(latency);
          intervals.set(asset, interval);
          return;
        }
        case 'lag':
          lags.set(
            asset,
            [...notice.lag.values()].reduce((sum, lag) => sum + lag, 0),
          );
          return;
        case 'assigned':
          return line('assigned', `have  ${asset}: ${partitionsText(notice.partitions)}`, { asset, partitions: notice.partitions });
        case 'waiting':
          return line('waiting', `wait  ${asset} is kept running by ${holderText(notice.holder)}: its place is taken when that ends`, {
            asset,
            holder: notice.holder,
          });
        case 'interrupted': {
          const { error, delay, partition } = notice;
          const where = partition === undefined ? asset : `${asset} [${partition}]`;
          return line(
            'interrupted',
            `${style.red('stop')}  ${where}: ${errorText(text(error), style)}\nIt is tried again in ${formatDuration(delay)}.`,
            {
              asset,
              ...(partition !== undefined && { partition }),
              delay,
              error: errorObject(text(error)),
            },
          );
        }
        case 'idle':
          return;
        case 'resumed':
          return line('resumed', `${style.green('go on')} ${asset}${notice.partition === undefined ? '' : ` [${notice.partition}]`}`, {
            asset,
            ...(notice.partition !== undefined && { partition: notice.partition }),
          });
      }
    },
    failed(error) {
      const told = text(error);
      if (json) line('failed', '', { error: errorObject(told) });
      else output.notice(errorText(told, output.errorStyle));
      return exitCodeOf(told.code);
    },
    stopped(summary) {
      clearInterval(timer);
      line('stopped', 'stop', { assets: summary });
      if (!json) output.print(table(SUMMARY_COLUMNS, summary, style.bold));
    },
  };
}

const partitionsText = (partitions: readonly number[]): string =>
  partitions.length === 0 ? 'no partition' : `partition${partitions.length === 1 ? '' : 's'} ${partitions.join(', ')}`;
