/** The part of Python that generated files are written in. Made with `build.ts`, printed with `print.ts`. */
export type Expression =
  | StringLiteral
  | TextLiteral
  | NumberLiteral
  | BooleanLiteral
  | NoneLiteral
  | Name
  | Imported
  | Call
  | List
  | Tuple
  | Dict
  | Attribute
  | Subscript
  | Binary
  | Compare
  | Not
  | Conditional;

export interface StringLiteral {
  readonly kind: 'string';
  readonly value: string;
}

/** A string of several lines, triple-quoted where that reads back as the same text. */
export interface TextLiteral {
  readonly kind: 'text';
  readonly value: string;
}

/** A finite number; whole numbers are ints unless `float` says otherwise. */
export interface NumberLiteral {
  readonly kind: 'number';
  readonly value: number;
  readonly float: boolean;
}

export interface BooleanLiteral {
  readonly kind: 'boolean';
  readonly value: boolean;
}

export interface NoneLiteral {
  readonly kind: 'none';
}

/** One identifier; a dotted path is attributes of one. */
export interface Name {
  readonly kind: 'name';
  readonly id: string;
}

/** A name that the module imports because this expression needs it. */
export interface Imported {
  readonly kind: 'imported';
  readonly source: ImportSource;
}

export interface Call {
  readonly kind: 'call';
  readonly func: Expression;
  readonly args: readonly Expression[];
  readonly keywords: readonly Keyword[];
}

export interface Keyword {
  readonly name: string;
  readonly value: Expression;
}

export interface List {
  readonly kind: 'list';
  readonly items: readonly Expression[];
}

export interface Tuple {
  readonly kind: 'tuple';
  readonly items: readonly Expression[];
}

export interface Dict {
  readonly kind: 'dict';
  readonly entries: readonly (readonly [key: Expression, value: Expression])[];
}

export interface Attribute {
  readonly kind: 'attribute';
  readonly value: Expression;
  readonly name: string;
}

export interface Subscript {
  readonly kind: 'subscript';
  readonly value: Expression;
  readonly index: Expression;
}

export type BinaryOperator = 'or' | 'and' | '|' | '&' | '<<' | '>>' | '+' | '-' | '%';

export interface Binary {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'is' | 'is not' | 'in' | 'not in';

export interface Compare {
  readonly kind: 'compare';
  readonly operator: CompareOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export interface Not {
  readonly kind: 'not';
  readonly operand: Expression;
}

/** `value if test else otherwise`. */
export interface Conditional {
  readonly kind: 'conditional';
  readonly test: Expression;
  readonly value: Expression;
  readonly otherwise: Expression;
}

/** What `from module import name` imports or, without a name, `import module`. */
export interface ImportSource {
  readonly module: string;
  readonly name: string | undefined;
  /** Where to import it from, under the same name here, where `module` has no such name. */
  readonly fallback: { readonly module: string; readonly name: string } | undefined;
}

export type Statement = Assign | ExpressionStatement | Import | FunctionDef | With | If | For | Return | Try | Comment | Blank;

export interface Assign {
  readonly kind: 'assign';
  readonly target: Name | Attribute;
  readonly value: Expression;
}

export interface ExpressionStatement {
  readonly kind: 'expression';
  readonly value: Expression;
}

/** `import module`, or `from module import names`; neighbors are sorted. */
export interface Import {
  readonly kind: 'import';
  readonly module: string;
  readonly names: readonly ImportedName[] | undefined;
}

export interface ImportedName {
  readonly name: string;
  readonly as: string | undefined;
}

export interface FunctionDef {
  readonly kind: 'function';
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly docstring: string | undefined;
  readonly body: readonly Statement[];
}

export interface Parameter {
  readonly name: string;
  /** `keywords` is `**name`. */
  readonly takes: 'value' | 'keywords';
  readonly default: Expression | undefined;
}

export interface With {
  readonly kind: 'with';
  readonly items: readonly WithItem[];
  readonly body: readonly Statement[];
}

export interface WithItem {
  readonly value: Expression;
  readonly as: string | undefined;
}

export interface If {
  readonly kind: 'if';
  /** The first is `if`, the others are `elif`. */
  readonly branches: readonly Branch[];
  readonly otherwise: readonly Statement[];
}

export interface Branch {
  readonly test: Expression;
  readonly body: readonly Statement[];
}

export interface For {
  readonly kind: 'for';
  readonly targets: readonly string[];
  readonly iterable: Expression;
  readonly body: readonly Statement[];
}

export interface Return {
  readonly kind: 'return';
  readonly value: Expression | undefined;
}

export interface Try {
  readonly kind: 'try';
  readonly body: readonly Statement[];
  readonly exception: string;
  readonly handler: readonly Statement[];
}

/** A line of its own before the next statement; newlines make several. */
export interface Comment {
  readonly kind: 'comment';
  readonly text: string;
}

/** An empty line between two statements; what style asks for is there without it. */
export interface Blank {
  readonly kind: 'blank';
}

export interface Module {
  /** Comment lines at the top of the file. */
  readonly header: readonly string[];
  readonly docstring: string | undefined;
  readonly body: readonly Statement[];
}
