import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

export const LANGUAGES = ['ts', 'json', 'sh', 'sql', 'python', 'yaml', 'mermaid', 'text'] as const;
type Language = (typeof LANGUAGES)[number];

/** A fenced block. What stands in a comment right above it says what it is. */
export interface Block {
  readonly language: Language;
  readonly text: string;
  /** The line of the page on which its text begins; the first is 1. */
  readonly line: number;
  /** From `<!-- file: src/plays.ts -->`: a file of the page's project. */
  readonly file: string | undefined;
  /** From `<!-- generated: airflow/dags/plays.py -->`: what that file of the page's project holds once its commands have run. */
  readonly generated: string | undefined;
  /** From `<!-- alone -->`: shares no module with the page's other blocks. */
  readonly alone: boolean;
  /** From `<!-- elsewhere -->`: its commands are not about the page's project. */
  readonly elsewhere: boolean;
  /** From `<!-- exit: 1 -->`: what the last command of the block ends with. */
  readonly exit: number;
}

export interface Page {
  /** Relative to the repository. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

const FENCE = /^(?:<!-- (?<note>[^\n]+?) -->\n)?```(?<language>\w*)\n(?<text>.*?)\n```$/gms;

export function readPage(path: string): Page {
  const text = readFileSync(join(root, path), 'utf8');
  const blocks = [...text.matchAll(FENCE)].map((match): Block => {
    const { note = '', language = '', text: body = '' } = match.groups ?? {};
    const line = text.slice(0, match.index + match[0].indexOf('```')).split('\n').length + 1;
    const [, kind, value] = /^(file|generated|exit|alone|elsewhere)(?:: (.+))?$/.exec(note) ?? [];
    const known = LANGUAGES.find((name) => name === language);
    if (known === undefined) throw new Error(`${path}:${line - 1}: a block of "${language}": use one of ${LANGUAGES.join(', ')}`);
    return {
      language: known,
      text: body,
      line,
      file: kind === 'file' ? value : undefined,
      generated: kind === 'generated' ? value : undefined,
      alone: kind === 'alone',
      elsewhere: kind === 'elsewhere',
      exit: kind === 'exit' ? Number(value) : 0,
    };
  });
  return { path, text, blocks };
}

/** README and its like, and everything under docs. */
export function readPages(): readonly Page[] {
  const top = readdirSync(root).filter((name) => name.endsWith('.md'));
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);
  return [...top, ...docs].toSorted().map(readPage);
}

/** Whether the page's blocks make up a project, whose commands are run. */
export const isProject = ({ blocks }: Page): boolean => blocks.some(({ file }) => file === 'src/project.ts');
