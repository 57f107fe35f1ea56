const FLAGS: ReadonlySet<string> = new Set(['--json', '--no-color']);

/**
 * The words of a command that passes others on to another program: its own options come first, then, behind `--`, what is passed on, as it was typed.
 * Own are `values`, each with the word behind it, the flags of every command, and, as long as nothing was passed on yet, `--help`. Behind a `--` nothing is own.
 */
export function ownWordsFirst([name = '', ...words]: readonly string[], values: readonly string[]): readonly string[] {
  const own: string[] = [];
  const passed: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const [option = ''] = word.split('=', 1);
    if (word === '--') {
      passed.push(...words.slice(index + 1));
      break;
    }
    if (values.includes(option)) {
      own.push(word);
      const value = words[index + 1];
      if (word === option && value !== undefined && value !== '--') {
        own.push(value);
        index += 1;
      }
    } else if (FLAGS.has(word) || (passed.length === 0 && (word === '--help' || word === '-h'))) own.push(word);
    else passed.push(word);
  }
  return [name, ...own, ...(passed.length > 0 ? ['--', ...passed] : [])];
}
