import type { IncomingMessage } from 'node:http';
import { textOf } from './xml.ts';

/** Of what the server says of an error, the rest is not read. */
const MESSAGE_BYTES = 1 << 16;

/** An answer of the server that is no success. Of its body only what is named here is kept: it may repeat the access key and the signature. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  /** S3's name of the error; empty where the answer has none, as that to a HEAD. */
  readonly code: string;
  /** The region that the server expects, where it says so. */
  readonly region: string | undefined;
  /** The server's clock, in milliseconds since the epoch, when it answered; `at` is this machine's. */
  readonly serverTime: number;
  readonly at: number;

  constructor(response: IncomingMessage, body: string) {
    const { statusCode = 0, statusMessage = '', headers } = response;
    const header = (name: string) => headers[name]?.toString();
    super(textOf(body, 'Message') ?? header('x-minio-error-desc')?.replaceAll('"', '') ?? plainText(body) ?? statusMessage);
    this.status = statusCode;
    this.code = textOf(body, 'Code') ?? header('x-minio-error-code') ?? '';
    this.region = textOf(body, 'Region') ?? header('x-amz-bucket-region');
    this.serverTime = Date.parse(headers.date ?? '');
    this.at = Date.now();
  }
}

/** The first words of a body that is no XML of S3, such as the page of another server. */
function plainText(body: string): string | undefined {
  const [line] = body
    .replaceAll(/<[^>]*>/g, ' ')
    .trim()
    .split('\n');
  return line === undefined || line.trim() === '' ? undefined : line.trim().slice(0, 200);
}

/** Reads an answer that is no success. */
export async function readRefusal(response: IncomingMessage): Promise<Refusal> {
  let body = '';
  try {
    for await (const piece of response.setEncoding('utf8')) {
      body += piece as string;
      if (body.length > MESSAGE_BYTES) break;
    }
  } catch {
    // The server cut the connection behind the head of its answer: the status says enough.
  }
  return new Refusal(response, body);
}
