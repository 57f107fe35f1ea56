import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { isSpindleError, SpindleError } from '../runtime/errors.ts';

interface BuildLog {
  readonly message: string;
  readonly id?: string;
  readonly loc?: { readonly file?: string; readonly line: number; readonly column: number };
  readonly frame?: string;
}

/** What rolldown rejects with, as PROJECT_BUILD_FAILED with one issue for each place: `file:line:column`, what is wrong, and the lines around it. */
export function buildError(error: unknown, root: string): unknown {
  if (!(error instanceof Error) || isSpindleError(error)) return error;
  const logs = 'errors' in error && Array.isArray(error.errors) ? (error.errors as readonly BuildLog[]) : [error as BuildLog];
  const issues = logs.map((log) => describe(log, root));
  const count = issues.length === 1 ? 'an error' : `${issues.length} errors`;
  return new SpindleError('PROJECT_BUILD_FAILED', `The project does not build: ${count}.`, {
    remedy: 'Correct the source shown above.',
    issues,
    cause: error,
  });
}

function describe({ message, id, loc, frame }: BuildLog, root: string): string {
  // The message is a code in brackets, a sentence, and a drawing of the place, in colors; newer versions give the place in `frame` as well.
  const [first = '', ...drawing] = stripVTControlCharacters(message).trimEnd().split('\n');
  const sentence = first.replace(/^\[[A-Z_]+\] /, '');
  const file = loc?.file ?? id;
  if (file === undefined) return sentence;
  const place = loc === undefined ? relative(root, file) : `${relative(root, file)}:${loc.line}:${loc.column + 1}`;
  return [`${place}: ${sentence}`, frame ?? drawing.join('\n')].filter((part) => part !== '').join('\n');
}
