import { formatBytes, formatCount, formatDuration } from '../format.ts';
import type { TableColumn } from '../table.ts';
import type { AssetSummary } from './metrics.ts';

const time = (milliseconds: number | null): string => (milliseconds === null ? '-' : formatDuration(milliseconds));

export const SUMMARY_COLUMNS: readonly TableColumn<AssetSummary>[] = [
  { title: 'asset', text: ({ asset }) => asset },
  { title: 'records', text: ({ records }) => formatCount(records), align: 'right' },
  { title: 'set aside', text: ({ rejected }) => formatCount(rejected), align: 'right' },
  { title: 'bytes', text: ({ bytes }) => formatBytes(bytes), align: 'right' },
  { title: 'flushes', text: ({ flushes }) => formatCount(flushes), align: 'right' },
  { title: 'p50', text: ({ latency }) => time(latency.p50), align: 'right' },
  { title: 'p99', text: ({ latency }) => time(latency.p99), align: 'right' },
  { title: 'rebalances', text: ({ rebalances }) => formatCount(rebalances), align: 'right' },
  { title: 'interruptions', text: ({ interruptions }) => formatCount(interruptions), align: 'right' },
];
