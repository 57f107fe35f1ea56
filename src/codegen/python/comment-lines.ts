import { commentText } from '../comment-text.ts';

/** A comment, one line for each of the text, none of them one that a tool takes for an instruction. None for a text without words. */
export function commentLines(text: string): readonly string[] {
  const lines = text.split(/\r\n?|\n/).map((words) => commentText(words.trim()).trim());
  const first = lines.findIndex((line) => line !== '');
  const last = lines.findLastIndex((line) => line !== '');
  return first < 0
    ? []
    : lines.slice(first, last + 1).map((line) => (line === '' ? '#' : `# ${INSTRUCTION.test(line) ? `"${line}"` : line}`));
}

const INSTRUCTION = /^(?:(?:fmt|yapf|ruff|isort|type|pyright|mypy|pylint|flake8|nosec|noqa)\b|[!:])/i;
