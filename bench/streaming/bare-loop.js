// The upper bound of `bench streaming`, in a process of its own: bare-loop.js TOPIC PREFIX. The same broker client and object store as Spindle's landing,
// used directly: parses each record, compresses and stores it. No validation, no place of a record, no chain, no commits, no recovery.
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { kafka, minio } from 'spindle/drivers';

const [topic, prefix] = process.argv.slice(2);
const compress = promisify(gzip);
/** As landing does unless told otherwise. */
const OBJECT_BYTES = 16 << 20;
const OBJECT_RECORDS = 50_000;
const CONCURRENCY = 2;

const open = (provider) =>
  provider.open({
    directory: tmpdir(),
    root: process.cwd(),
    variables: provider.variables.parse(process.env),
    signal: new AbortController().signal,
    faults: () => {},
    notify: (message) => process.stderr.write(`${message}\n`),
    open: () => Promise.reject(new Error('nothing else is needed')),
  });

const [kafkaProvider, minioProvider] = [kafka(), minio()];
const [broker, lake] = await Promise.all([open(kafkaProvider), open(minioProvider)]);
let events = 0;
let bytes = 0;

async function landPartition({ partition, start, end }) {
  let buffer = Buffer.allocUnsafe(OBJECT_BYTES + (1 << 20));
  let filled = 0;
  let records = 0;
  let objects = 0;
  const store = async () => {
    const body = await compress(buffer.subarray(0, filled), { level: 1 });
    await lake.put(`${prefix}/${partition}/${objects++}.ndjson.gz`, body, {});
    events += records;
    bytes += body.length;
    filled = 0;
    records = 0;
  };
  for await (const batch of broker.read(topic, partition, { from: start, to: end })) {
    for (const { value } of batch) {
      if (typeof JSON.parse(value.toString()) !== 'object') throw new TypeError('No event.');
      filled += value.copy(buffer, filled);
      buffer[filled++] = 10;
      if (++records === OBJECT_RECORDS || filled >= OBJECT_BYTES) await store();
    }
  }
  if (records > 0) await store();
}

const queue = [...(await broker.offsets(topic))];
const work = async () => {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) await landPartition(next);
};
await Promise.all(Array.from({ length: CONCURRENCY }, work));
await Promise.all([kafkaProvider.close?.(broker), minioProvider.close?.(lake)]);
process.stdout.write(`${JSON.stringify({ events, bytes })}\n`);
