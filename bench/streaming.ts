import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureEnvironment } from '../test/python-environment.ts';
import type { S3ServerName } from '../test/services/s3/server.ts';
import type { BenchFigure, BenchOptions } from './figure.ts';
import { writeProject } from './streaming/project.ts';
import { startRig, type Rig } from './streaming/rig.ts';
import { sustained } from './streaming/sustained.ts';
import { throughput } from './streaming/throughput.ts';

/** What the parts of the bench share. */
export interface StreamingBench {
  readonly root: string;
  /** The project that is measured. */
  readonly project: string;
  readonly python: string;
  readonly rig: Rig;
  readonly quick: boolean;
  /** Events a second of the steady rate. */
  readonly rate: number;
}

/**
 * Producing and landing per CPU-second beside the peers, then the whole way from the producer to bronze at a steady rate, all on one Kafka and one S3 server. Options: --throughput or
 * --sustained for one of the two alone, --quick for a shorter form of either, --rate for another steady rate, --s3 minio for the other server. Wants a machine that does nothing else.
 */
export async function* streaming({ root, args }: BenchOptions): AsyncIterable<BenchFigure> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      throughput: { type: 'boolean', default: false },
      sustained: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      rate: { type: 'string', default: '20000' },
      s3: { type: 'string', default: 'versitygw' },
    },
  });
  const both = values.throughput === values.sustained;
  const python = await ensureEnvironment('bench/streaming-python', join(root, 'bench/streaming/python/requirements.txt'));
  const project = await writeProject(root, join(root, '.spindle/bench/streaming'));
  const rig = await startRig(values.s3 as S3ServerName);
  const bench: StreamingBench = { root, project, python, rig, quick: values.quick, rate: Number(values.rate) };
  try {
    if (both || values.throughput) yield* throughput(bench);
    if (both || values.sustained) yield* sustained(bench);
  } finally {
    await rig.stop();
  }
}
