import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands/index.ts';
import { commandLines, parseCommand, spindleArguments, words } from './command-line.ts';
import { isProject, readPage, readPages, root, type Block } from './page.ts';
import { settled } from './settled.ts';
import { createWorkspace, projectFiles, writeFiles } from './workspace.ts';

const pages = readPages();
/** What the pages call beside spindle and vitest; not run. */
const OTHERS = /^(npm|npx vitest|git|cd|mkdir|bash|node|uv|python3?|rm|docker compose|openssl) /;

describe('the commands on the pages', () => {
  for (const { path, blocks } of pages) {
    it(`exist with their options: ${path}`, async () => {
      for (const { language, text, line, file } of blocks) {
        if (language !== 'sh' || file !== undefined) continue;
        for (const command of commandLines(text)) {
          const argv = spindleArguments(command);
          if (argv === undefined) expect(command, `${path}:${line}`).toMatch(OTHERS);
          else await expect(parseCommand(argv), `${path}:${line}: ${command}`).resolves.toBeUndefined();
        }
      }
    });
  }

  it('exist where a sentence names them', () => {
    const named = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/`(?:npx )?spindle ([a-z][a-z-]*)/g)].map(([, name]) => ({ path, name })),
    );
    expect(named.filter(({ name }) => !COMMANDS.some((command) => command.name === name))).toEqual([]);
  });
});

describe('the projects on the pages', () => {
  for (const { path } of pages.filter(isProject)) {
    it(`run as they are written: ${path}`, { timeout: 120_000 }, () => {
      const workspace = createWorkspace();
      const { blocks, text } = readPage(path);
      writeFiles(workspace, projectFiles({ path, blocks, text }));
      blocks.forEach((block, index) => {
        if (block.language !== 'sh' || block.elsewhere || block.file !== undefined) return;
        const printed = runBlock(block, workspace, `${path}:${block.line}`);
        const next = blocks[index + 1];
        if (next?.language !== 'text' || next.file !== undefined) return;
        if (process.env['UPDATE_DOCS'] !== undefined) replaceBlock(path, next, printed);
        else expect(settled(printed), `${path}:${next.line}`).toBe(settled(next.text));
      });
      for (const block of blocks) {
        if (block.generated === undefined) continue;
        const found = readFileSync(join(workspace, block.generated), 'utf8');
        if (process.env['UPDATE_DOCS'] !== undefined) replaceBlock(path, block, found);
        else expect(found.trim(), `${path}:${block.line}`).toBe(block.text.trim());
      }
    });
  }
});

/** Runs the commands of a block that are spindle's or vitest's; what they print to standard output. */
function runBlock({ text, exit }: Block, cwd: string, place: string): string {
  let printed = '';
  const lines = commandLines(text).filter((line) => spindleArguments(line) !== undefined || line.startsWith('npx vitest'));
  lines.forEach((line, index) => {
    const argv = spindleArguments(line);
    const program = argv === undefined ? 'node_modules/vitest/vitest.mjs' : 'bin/spindle.js';
    const { PATH, HOME } = process.env;
    const env = { PATH, HOME, CI: 'true', NO_COLOR: '1' };
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, program), ...(argv ?? words(line).slice(2))], {
      cwd,
      env,
      encoding: 'utf8',
    });
    expect(status, `${place}: ${line}\n${stdout}${stderr}`).toBe(index === lines.length - 1 ? exit : 0);
    // An error is what a command that fails has to say.
    printed += status === 0 ? stdout : stdout + stderr;
  });
  return printed;
}

/** With UPDATE_DOCS set, the page gets what was printed. */
function replaceBlock(path: string, { language, text }: Block, printed: string): void {
  const page = readPage(path).text;
  writeFileSync(
    join(root, path),
    page.replace(`\`\`\`${language}\n${text}\n\`\`\``, () => `\`\`\`${language}\n${printed.trim()}\n\`\`\``),
  );
}

describe('the picture in the README', () => {
  it('shows the graph as it is: node bin/spindle.js graph --format svg -o docs/graph.svg', async () => {
    const svg = execFileSync(process.execPath, [join(root, 'bin/spindle.js'), 'graph', '--format', 'svg'], { cwd: root, encoding: 'utf8' });
    await expect(svg).toMatchFileSnapshot(join(root, 'docs/graph.svg'));
  });
});
