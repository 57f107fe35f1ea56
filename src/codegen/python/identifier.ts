import { digest } from '../../runtime/digest.ts';

const LONGEST = 80;

/** Keywords, soft keywords, and what Python and its modules define for every file. */
const TAKEN: ReadonlySet<string> = new Set(
  `
  __annotations__ __build_class__ __builtins__ __debug__ __doc__ __file__ __import__ __loader__ __name__ __package__ __spec__ abs aiter
  all and anext any ArithmeticError as ascii assert AssertionError async AttributeError await BaseException BaseExceptionGroup bin
  BlockingIOError bool break breakpoint BrokenPipeError BufferError bytearray bytes BytesWarning callable case ChildProcessError chr
  class classmethod compile complex ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError continue
  copyright credits def del delattr DeprecationWarning dict dir divmod elif Ellipsis else EncodingWarning enumerate EnvironmentError
  EOFError eval except Exception ExceptionGroup exec exit False FileExistsError FileNotFoundError filter finally float
  FloatingPointError for format from frozenset FutureWarning GeneratorExit getattr global globals hasattr hash help hex id if import
  ImportError ImportWarning in IndentationError IndexError input int InterruptedError IOError is IsADirectoryError isinstance issubclass
  iter KeyboardInterrupt KeyError lambda lazy len license list locals LookupError map match max MemoryError memoryview min
  ModuleNotFoundError NameError next None nonlocal not NotADirectoryError NotImplemented NotImplementedError object oct open or ord
  OSError OverflowError pass PendingDeprecationWarning PermissionError pow print ProcessLookupError property PythonFinalizationError
  quit raise range RecursionError ReferenceError repr ResourceWarning return reversed round RuntimeError RuntimeWarning set setattr
  slice sorted staticmethod StopAsyncIteration StopIteration str sum super SyntaxError SyntaxWarning SystemError SystemExit TabError
  TimeoutError True try tuple type TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError
  UnicodeWarning UserWarning ValueError vars Warning while with yield ZeroDivisionError zip
  `
    .trim()
    .split(/\s+/),
);

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
