import { digest } from '../../runtime/digest.ts';
import { KEYWORDS } from './keywords.ts';

const LONGEST = 80;

/** Keywords, soft keywords, and what Python and its modules define for every file. */
const TAKEN: ReadonlySet<string> = new Set([
  ...KEYWORDS,
  ...`
  __annotations__ __build_class__ __builtins__ __debug__ __doc__ __file__ __import__ __loader__ __name__ __package__ __spec__ abs aiter
  all anext any ArithmeticError ascii AssertionError AttributeError BaseException BaseExceptionGroup bin BlockingIOError bool breakpoint
  BrokenPipeError BufferError bytearray bytes BytesWarning callable case ChildProcessError chr classmethod compile complex
  ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError copyright credits delattr DeprecationWarning dict
  dir divmod Ellipsis EncodingWarning enumerate EnvironmentError EOFError eval Exception ExceptionGroup exec exit FileExistsError
  FileNotFoundError filter float FloatingPointError format frozenset FutureWarning GeneratorExit getattr globals hasattr hash help hex
  id ImportError ImportWarning IndentationError IndexError input int InterruptedError IOError IsADirectoryError isinstance issubclass
  iter KeyboardInterrupt KeyError lazy len license list locals LookupError map match max MemoryError memoryview min ModuleNotFoundError
  NameError next NotADirectoryError NotImplemented NotImplementedError object oct open ord OSError OverflowError
  PendingDeprecationWarning PermissionError pow print ProcessLookupError property PythonFinalizationError quit range RecursionError
  ReferenceError repr ResourceWarning reversed round RuntimeError RuntimeWarning set setattr slice sorted staticmethod
  StopAsyncIteration StopIteration str sum super SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError tuple type
  TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning UserWarning
  ValueError vars Warning ZeroDivisionError zip
  `
    .trim()
    .split(/\s+/),
]);

/**
 * A Python identifier for each of the names, all different and at most 80 characters long: what cannot stand in one is `_`, and names that would come
 * out the same are numbered (`plays`, `plays_2`), in sorted order, but for one that is an identifier as it is, which keeps it. The same set of names
 * gives the same identifiers. A keyword, a builtin or one of `reserved` gets a `_` at its end.
 */
export function identifiersOf(names: readonly string[], reserved: Iterable<string> = []): ReadonlyMap<string, string> {
  const avoided = new Set([...TAKEN, ...reserved]);
  const taken = new Set(avoided);
  const found = new Map<string, string>();
  const wanted = [...new Set(names)].toSorted().map((name) => ({ name, identifier: identifierLike(name, avoided) }));
  const kept = wanted.filter(({ name, identifier }) => name === identifier);
  for (const { name, identifier } of [...kept, ...wanted.filter(({ name, identifier }) => name !== identifier)]) {
    const own = firstFree(identifier, taken);
    taken.add(own);
    found.set(name, own);
  }
  return found;
}

function identifierLike(name: string, avoided: ReadonlySet<string>): string {
  const plain = name.replaceAll(/[^A-Za-z0-9_]/gu, '_').replace(/^(?=\d|$)/, '_');
  if (plain.length > LONGEST) return `${plain.slice(0, LONGEST - 9)}_${digest(name).slice(0, 8)}`;
  return avoided.has(plain) ? `${plain}_` : plain;
}

function firstFree(identifier: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const suffix = number === 1 ? '' : `_${number}`;
    const numbered = identifier.slice(0, LONGEST - suffix.length) + suffix;
    if (!taken.has(numbered)) return numbered;
  }
}
