import { z } from 'zod';
import type { ObjectStore } from '../../runtime/resource/object-store.ts';
import type { Provider } from '../../runtime/resource/resource.ts';
import { readNamedFile } from '../disk/named-file.ts';

export interface MinioSettings {
  /** The bucket where SPINDLE_S3_BUCKET names none. */
  readonly bucket?: string;
  /** A folder of the bucket that all objects lie in: projects that share a bucket have one each. */
  readonly prefix?: string;
  /** Milliseconds for which a request is tried again while the server cannot be reached or is busy; 5,000 unless given. */
  readonly patience?: number;
  /** Milliseconds without a byte in either direction after which a request counts as failed; 30,000 unless given. */
  readonly timeout?: number;
}

const CONNECT_TIMEOUT = 5_000;

const bucketName = z
  .string()
  .regex(
    /^(?!\d+(\.\d+){3}$)(?!.*\.\.)[a-z\d][a-z\d.-]{1,61}[a-z\d]$/,
    'is no name of a bucket, which has 3 to 63 lower-case letters, digits, "-" and "."',
  )
  .meta({ description: 'the bucket of the lake; `spindle lake init` makes it' });

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, pathname, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && pathname === '/' && search === '' && hash === '';
}

/** The lake on an S3 server: MinIO, versitygw, S3 itself and others. Needs the package `minio`. */
export function minio({ bucket, prefix = '', patience = 5_000, timeout = 30_000 }: MinioSettings = {}): Provider<
  ObjectStore & { close(): Promise<void> }
> {
  return {
    variables: z.object({
      SPINDLE_S3_ENDPOINT: z
        .string()
        .refine(isOrigin, 'is not http://host:port or https://host:port')
        .meta({ description: 'the server, as http://host:port or https://host:port' }),
      SPINDLE_S3_BUCKET: bucket === undefined ? bucketName : bucketName.default(bucket),
      SPINDLE_S3_ACCESS_KEY: z.string().meta({ description: 'the user of the server', secret: true }),
      SPINDLE_S3_SECRET_KEY: z.string().meta({ description: "the user's password", secret: true }),
      SPINDLE_S3_REGION: z.string().default('us-east-1'),
      SPINDLE_S3_PATH_STYLE: z.stringbool({ truthy: ['true'], falsy: ['false'], error: 'is neither true nor false' }).default(true),
      SPINDLE_S3_CA: z.string().optional(),
    }),
    async open({ variables, signal }) {
      const text = (name: string) => variables[name] as string;
      const ca = variables['SPINDLE_S3_CA'] as string | undefined;
      const { openMinioStore } = await import('../object-store/minio.ts');
      return openMinioStore({
        endpoint: text('SPINDLE_S3_ENDPOINT'),
        bucket: text('SPINDLE_S3_BUCKET'),
        accessKey: text('SPINDLE_S3_ACCESS_KEY'),
        secretKey: text('SPINDLE_S3_SECRET_KEY'),
        region: text('SPINDLE_S3_REGION'),
        pathStyle: variables['SPINDLE_S3_PATH_STYLE'] as boolean,
        ...(ca !== undefined && {
          authority: await readNamedFile(ca, 'SPINDLE_S3_CA', 'Name the file of the certificate of the authority, as PEM.'),
        }),
        prefix,
        patience,
        timeouts: { connect: Math.min(CONNECT_TIMEOUT, timeout), idle: timeout },
        signal,
      });
    },
    close: (store) => store.close(),
  };
}
