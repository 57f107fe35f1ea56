import { parseDuration } from '../../runtime/declare/duration.ts';
import { SpindleError } from '../../runtime/errors.ts';
import type { ObjectStore } from '../../runtime/resource/object-store.ts';
import type { ArgsOf, CommandContext, CommandParser } from '../command.ts';
import { ENVIRONMENT_OPTION } from '../common-options.ts';
import type { PutFile } from '../lake/put-files.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { formatBytes } from '../format.ts';

const ACTIONS = ['status', 'init', 'put'] as const;
const DAY = 86_400_000;
/** An upload in parts that takes longer has failed. */
const INCOMPLETE_UPLOAD_DAYS = 7;

export const command = 'lake [action] [source] [files..]';
export const describe = "Show how the lake's bucket is set up, set it up, or put files into the lake";

export const builder = (yargs: CommandParser) =>
  yargs
    .positional('action', {
      choices: ACTIONS,
      default: 'status' as const,
      describe:
        'status: bucket, versions and lifecycle as they are; init: make what is missing; put: copy files to where a source reads them',
    })
    .positional('source', { type: 'string', describe: 'The key of a source of files' })
    .positional('files', { type: 'string', array: true, describe: 'Files of this machine; one of the same name is replaced' })
    .options(ENVIRONMENT_OPTION)
    .option('no-versioning', {
      type: 'boolean',
      default: false,
      describe: 'Leave it as it is whether what is replaced or deleted is kept as a version; else that is turned on, where the server can',
    })
    .option('keep-noncurrent', {
      type: 'string',
      requiresArg: true,
      default: '30d',
      describe: 'How long such versions are kept, in whole days',
    })
    .option('dry-run', { type: 'boolean', default: false, describe: 'Say what would be done, and do nothing' })
    .option('strict', { type: 'boolean', default: false, describe: 'End with status 1 where the server does not support a part of it' })
    .example('spindle lake init', 'the bucket, its versions, and the rules by which the server cleans up')
    .example('spindle lake init --keep-noncurrent 7d --dry-run', 'what would be changed')
    .example('spindle lake put inbox/plays 2025.ndjson.gz', 'a file for the source inbox/plays')
    .epilogue(
      'init can be run again at any time. It deletes nothing, and no rule ever removes a current object; rules that others set for the bucket stay.',
    );

export async function handler(args: ArgsOf<typeof builder>, context: CommandContext): Promise<ExitCode> {
  const noncurrentDays = wholeDays(args.keepNoncurrent);
  const { output } = context;
  const { openPipeline } = await import('../pipeline.ts');
  const pipeline = await openPipeline({ project: args.project, env: args.env }, context);
  try {
    if (args.action === 'put') {
      const { putFiles } = await import('../lake/put-files.ts');
      const line = ({ file, key, size }: PutFile) => `${file} → ${key} (${formatBytes(size)})`;
      const put = await putFiles(pipeline, {
        cwd: context.cwd,
        source: args.source,
        files: args.files ?? [],
        dryRun: args.dryRun,
        done: (file) => args.json || output.print(line(file)),
      });
      if (args.json) output.json(put);
      else if (args.dryRun) for (const file of put) output.print(`would put ${line(file)}`);
      return EXIT.ok;
    }
    if (args.source !== undefined) throw new SpindleError('USAGE', `spindle lake ${args.action} takes no "${args.source}".`);
    const { bucket } = (await pipeline.environment.open('lake')) as ObjectStore;
    if (bucket === undefined) {
      if (args.json) output.json({ bucket: null, settings: [] });
      else output.print(`The lake of the environment "${pipeline.environment.name}" is in no bucket: there is nothing to set up.`);
      return EXIT.ok;
    }
    const [{ lakeSettings, lakeSettingsText }, { planLake, setUpLake }] = await Promise.all([
      import('../lake/settings.ts'),
      import('../lake/set-up.ts'),
    ]);
    const wanted = { versioning: !args.noVersioning, lifecycle: { noncurrentDays, incompleteUploadDays: INCOMPLETE_UPLOAD_DAYS } };
    const settings =
      args.action === 'status' ? lakeSettings(bucket, await bucket.state()) : await (args.dryRun ? planLake : setUpLake)(bucket, wanted);
    if (args.json) output.json({ bucket: bucket.name, endpoint: bucket.endpoint, settings });
    else output.print(lakeSettingsText(settings, output.style));
    const lacking = settings.filter(({ part, status }) => status === 'not supported' && (part !== 'versioning' || wanted.versioning));
    return args.strict && lacking.length > 0 ? EXIT.failed : EXIT.ok;
  } finally {
    await pipeline.close();
  }
}

function wholeDays(text: string): number {
  const days = parseDuration(text) / DAY;
  if (Number.isInteger(days) && days >= 1) return days;
  throw new SpindleError('USAGE', `--keep-noncurrent takes whole days, and is "${text}".`, {
    field: '--keep-noncurrent',
    remedy: 'Write such as 30d.',
  });
}
