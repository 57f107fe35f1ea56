import { textWidth } from './character-width.ts';
import { type Doc, type GroupId, softLine, space, textDoc } from './document.ts';

const LINE_WIDTH = 88;
const INDENT_WIDTH = 4;

/** How a document is printed: in which columns, on one line or broken. */
interface Mode {
  readonly indent: number;
  readonly flat: boolean;
  /** What has to fit: the line until the first break, all lines, or all but for texts that are too long. */
  readonly measure: 'first line' | 'all lines' | 'all lines but texts';
}

/** `null` is the end of parentheses that are only measured. */
type Command = readonly [doc: Doc | null, mode: Mode];

interface State {
  out: string;
  width: number;
  pendingIndent: number;
  /** Whether the rest of the line has been found to fit already. */
  measured: boolean;
  readonly groups: Map<GroupId, boolean>;
}

/** The text of a document that begins at so many levels of indentation, without a newline at its end. */
export function layOut(doc: Doc, level: number): string {
  const state: State = { out: '', width: 0, pendingIndent: level * INDENT_WIDTH, measured: false, groups: new Map() };
  const stack: Command[] = [[doc, { indent: level * INDENT_WIDTH, flat: false, measure: 'first line' }]];
  for (let command = stack.pop(); command !== undefined; command = stack.pop()) print(command, stack, state);
  return state.out;
}

function print([doc, mode]: Command, stack: Command[], state: State): void {
  if (doc === null) return;
  switch (doc.kind) {
    case 'text':
      printText(doc, state);
      return;
    case 'line':
      if (!mode.flat) breakLine(mode, state);
      else if (doc.flat !== '') printText(space, state);
      return;
    case 'sequence':
      for (let index = doc.parts.length - 1; index >= 0; index--) stack.push([doc.parts[index] as Doc, mode]);
      return;
    case 'group':
      if (doc.ifBroken !== undefined && state.groups.get(doc.ifBroken) === true) {
        stack.push([doc.content, mode]);
      } else {
        const flat = !doc.expands && fitsFlat([doc.content, mode], { stack, state, id: doc.id });
        if (doc.id !== undefined) state.groups.set(doc.id, flat);
        stack.push([doc.content, { ...mode, flat }]);
      }
      return;
    case 'indent':
      stack.push([doc.content, deeper(mode)]);
      return;
    case 'indent-if-broken':
      stack.push([doc.content, state.groups.get(doc.id) === true ? mode : deeper(mode)]);
      return;
    case 'conditional':
      if (isPrinted(doc, mode, state)) stack.push([doc.content, mode]);
      return;
    case 'fits-expanded':
      if (state.groups.get(doc.ifFlat) === true) state.measured = false;
      stack.push([doc.content, mode]);
      return;
    case 'best-fit':
      printBestFit([doc, mode], stack, state);
  }
}

function printBestFit([doc, mode]: readonly [Extract<Doc, { kind: 'best-fit' }>, Mode], stack: Command[], state: State): void {
  let flat = fitsFlat([doc.content, mode], { stack, state, id: doc.id });
  if (!flat) {
    state.groups.set(doc.id, false);
    const all: Mode = { ...mode, measure: 'all lines' };
    flat = !fits(
      [
        [null, all],
        [doc.content, deeper(all)],
        [softLine, deeper(all)],
        [OPEN, all],
      ],
      stack,
      state,
    );
  }
  state.groups.set(doc.id, flat);
  if (flat) {
    stack.push([doc.content, { ...mode, flat }]);
  } else {
    const broken: Mode = { ...mode, flat };
    stack.push([CLOSE, broken], [softLine, broken], [doc.content, deeper(broken)], [softLine, deeper(broken)], [OPEN, broken]);
  }
}

const OPEN = textDoc('(');
const CLOSE = textDoc(')');

function fitsFlat(
  [content, mode]: readonly [Doc, Mode],
  { stack, state, id }: { stack: Command[]; state: State; id: GroupId | undefined },
): boolean {
  if (mode.flat && state.measured) return true;
  state.measured = true;
  if (id !== undefined) state.groups.set(id, true);
  return fits([[content, { ...mode, flat: true }]], stack, state);
}

/** Whether the commands, and after them what is left on the stack, fit on the line. */
function fits(commands: Command[], stack: readonly Command[], state: State): boolean {
  let rest = stack.length;
  let { width, pendingIndent } = state;
  for (;;) {
    const command = commands.pop() ?? stack[--rest];
    if (command === undefined) return true;
    const [doc, mode] = command;
    if (doc === null) {
      width = mode.indent + 1;
      pendingIndent = 0;
      if (width > LINE_WIDTH) return false;
      continue;
    }
    switch (doc.kind) {
      case 'text':
        width += pendingIndent;
        pendingIndent = 0;
        if (doc.expands && mode.measure === 'first line') return width + textWidth(doc.text.slice(0, doc.text.indexOf('\n'))) <= LINE_WIDTH;
        width = doc.expands ? doc.width : width + doc.width;
        if (width > LINE_WIDTH && mode.measure !== 'all lines but texts') return false;
        break;
      case 'line':
        if (mode.flat) {
          if (doc.flat === '') break;
          width += pendingIndent + doc.flat.length;
          pendingIndent = 0;
          if (width > LINE_WIDTH && mode.measure !== 'all lines but texts') return false;
        } else {
          if (mode.measure === 'first line') return true;
          width = 0;
          pendingIndent = mode.indent;
        }
        break;
      case 'sequence':
        for (let index = doc.parts.length - 1; index >= 0; index--) commands.push([doc.parts[index] as Doc, mode]);
        break;
      case 'group':
        if (doc.ifBroken === undefined || state.groups.get(doc.ifBroken) !== true) {
          const inner = doc.expands ? { ...mode, flat: false } : mode;
          if (doc.id !== undefined) state.groups.set(doc.id, inner.flat);
          commands.push([doc.content, inner]);
        } else {
          commands.push([doc.content, mode]);
        }
        break;
      case 'indent':
        commands.push([doc.content, deeper(mode)]);
        break;
      case 'indent-if-broken':
        commands.push([doc.content, state.groups.get(doc.id) === true ? mode : deeper(mode)]);
        break;
      case 'conditional':
        if (isPrinted(doc, mode, state)) commands.push([doc.content, mode]);
        break;
      case 'fits-expanded':
        if (!mode.flat) commands.push([doc.content, mode]);
        else if (state.groups.get(doc.ifFlat) === true)
          commands.push([doc.content, { ...mode, flat: false, measure: 'all lines but texts' }]);
        else if (doc.content.expands) return false;
        else commands.push([doc.content, mode]);
        break;
      case 'best-fit':
        state.groups.set(doc.id, mode.flat);
        commands.push([doc.content, mode]);
    }
  }
}

function isPrinted(doc: Extract<Doc, { kind: 'conditional' }>, mode: Mode, state: State): boolean {
  const flat = doc.id === undefined ? mode.flat : state.groups.get(doc.id) === true;
  return flat === (doc.printed === 'flat');
}

const deeper = (mode: Mode): Mode => ({ ...mode, indent: mode.indent + INDENT_WIDTH });

function breakLine(mode: Mode, state: State): void {
  state.out += '\n';
  state.width = 0;
  state.measured = false;
  state.pendingIndent = mode.indent;
}

function printText({ text, width, expands }: Extract<Doc, { kind: 'text' }>, state: State): void {
  state.out += ' '.repeat(state.pendingIndent) + text;
  state.width = expands ? width : state.width + state.pendingIndent + width;
  state.pendingIndent = 0;
  if (expands) state.measured = false;
}
