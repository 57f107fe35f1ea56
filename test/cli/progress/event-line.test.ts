import { expect, it } from 'vitest';
import { eventLine } from '../../../src/cli/progress/event-line.ts';
import { createStyle } from '../../../src/cli/style.ts';

it('a line of the log says what a program printed, without what would color or clear the terminal', () => {
  const message = '\u001b[31mred\u001b[0m\u001b[2J\u0007 50%\r100%\tdone';
  const line = eventLine({ type: 'log', run: 'r', at: '2026-01-01T00:00:00.000Z', asset: 'a', message }, createStyle(false));
  expect(line).toBe('log   a  red 50% 100%\tdone');
});
