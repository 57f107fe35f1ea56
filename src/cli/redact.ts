import type { RunRequest } from '../runtime/run/event.ts';

/** Shorter values may stand in a text by chance. */
const SHORTEST = 4;
export const MASK = '***';

/** Fields of an event by which recorded state is found and compared: keys, digests and closed unions, never free text. */
const IDENTITY: ReadonlySet<string> = new Set([
  'type',
  'run',
  'part',
  'at',
  'asset',
  'partition',
  'cause',
  'status',
  'severity',
  'check',
  'project',
  'environment',
  'job',
  'process',
  'external',
  'version',
  'codeVersion',
  'configVersion',
  'inputs',
  'slices',
  'touched',
  'holder',
  'subject',
  'name',
  'keys',
]);

/** Hides the values of secret variables in whatever is recorded or shown. */
export interface Redactor {
  /** From now on these values are hidden. */
  add(values: readonly string[]): void;
  text(text: string): string;
  /** The same in an event's free texts: messages, reasons, metadata, fields. */
  event<T extends object>(event: T): T;
}

/** Knows no secret at first: they are added as variables are read. */
export function createRedactor(): Redactor {
  const secrets = new Set<string>();
  let forms: readonly string[] = [];
  const text = (shown: string): string => maskAll(shown, forms);
  return {
    add(values) {
      for (const value of values) secrets.add(value);
      forms = formsOf([...secrets]);
    },
    text,
    event<T extends object>(event: T): T {
      if (forms.length === 0) return event;
      return Object.fromEntries(
        Object.entries(event).map(([name, value]) => {
          if (IDENTITY.has(name)) return [name, value];
          // A request starts the run again: of it, config values alone are free texts.
          return [name, name === 'request' ? redactConfig(value as RunRequest, text) : redactStrings(value, text)];
        }),
      ) as T;
    },
  };
}

/** Hides these values, of at least four characters, as they are. */
export function mask(text: string, values: readonly unknown[]): string {
  return maskAll(
    text,
    values.map(String).filter((value) => value.length >= SHORTEST),
  );
}

const maskAll = (text: string, forms: readonly string[]): string => forms.reduce((masked, form) => masked.replaceAll(form, MASK), text);

/** Each value as it is, inside JSON and inside a URL; the longest first, since one may be a part of another. */
function formsOf(values: readonly string[]): readonly string[] {
  const forms = values
    .filter((value) => value.length >= SHORTEST)
    .flatMap((value) => [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)]);
  return [...new Set(forms)].toSorted((a, b) => b.length - a.length);
}

function redactConfig({ config, ...request }: RunRequest, change: (text: string) => string): RunRequest {
  return config === undefined ? request : { ...request, config: redactStrings(config, change) as Readonly<Record<string, unknown>> };
}

/** A value as JSON writes it, its strings changed. */
function redactStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => redactStrings(item, change));
  if (typeof value !== 'object' || value === null) return value;
  if ('toJSON' in value && typeof value.toJSON === 'function') return redactStrings(value.toJSON(), change);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, redactStrings(inner, change)]));
}
