import { isSpindleError, SpindleError } from '../runtime/errors.ts';
import type { Output } from './output.ts';
import type { Redactor } from './redact.ts';
import type { Style } from './style.ts';

/** What was thrown, as an error with a code. Whatever has none is a defect: INTERNAL, with the stack as its issue. */
export function codedError(error: unknown): SpindleError {
  if (isSpindleError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error && error.stack !== undefined ? [error.stack] : [];
  return new SpindleError('INTERNAL', message, {
    remedy: 'This is a defect of Spindle: please report it with the lines above.',
    issues: stack,
    cause: error,
  });
}

/** The same error without the secrets that a driver may have quoted. */
export function redactedError({ code, message, place, remedy, transient, issues }: SpindleError, { text }: Redactor): SpindleError {
  return new SpindleError(code, text(message), {
    ...place,
    ...(remedy !== undefined && { remedy: text(remedy) }),
    transient,
    issues: issues.map(text),
  });
}

/** Shows an error: as text on standard error, or as one JSON object on standard output. */
export function printError(error: SpindleError, output: Output, json: boolean): void {
  if (json) output.json({ error: errorObject(error) });
  else output.notice(errorText(error, output.errorStyle));
}

/** The error as data, without what it does not have. */
export function errorObject({ code, message, place, remedy, transient, issues }: SpindleError): Readonly<Record<string, unknown>> {
  return { code, message, ...place, ...(remedy !== undefined && { remedy }), transient, ...(issues.length > 0 && { issues }) };
}

/** `error[CODE]: message`, where it happened, the single problems, and after an arrow what to do. */
export function errorText({ code, message, place, remedy, issues }: SpindleError, style: Style): string {
  const where = Object.entries(place).map(([name, value]) => `${name} ${String(value)}`);
  // Some messages carry their issues already.
  const more = issues.filter((issue) => !message.includes(issue));
  return [
    `${style.bold(style.red(`error[${code}]`))}: ${message}`,
    ...(where.length > 0 ? [style.dim(`  at ${where.join(', ')}`)] : []),
    ...more.map((issue) => `  ${issue.replaceAll('\n', '\n  ')}`),
    ...(remedy === undefined ? [] : [`${style.cyan('→')} ${remedy}`]),
  ].join('\n');
}
