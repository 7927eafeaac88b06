// The tree of a Jinja template, with jinja2's names and meanings (jinja2.nodes), every node with its exact range.
// The parser makes these; the evaluator walks them. No dbt here except the four block tags that dbt adds to the language.
// A tolerant parse never fails: what is not there is a `Missing`, what is unknown is an `UnknownTag`, and `Template.errors` says what was wrong.

import type { Span } from '../text/span.ts'

export interface Template extends Span {
  readonly kind: 'Template'
  readonly body: readonly Statement[]
  readonly errors: readonly SyntaxProblem[]
  /** A slice (`a[1:2]`) stands somewhere in it. */
  readonly slices: boolean
  /** What the evaluator makes of it, each when first asked for: as long as the tree lives, and known to nobody else. */
  readonly compiled: CompiledForms
}

export interface CompiledForms { text: object | null; native: object | null; preview: object | null }

/** `message` is jinja2's own wording where jinja2 has one; `line` (from 1) is the line jinja2 names, which may lie elsewhere than the span. */
export interface SyntaxProblem extends Span {
  readonly message: string
  readonly line: number
}

export type Statement =
  | Text | Print | SetStatement | SetBlock | For | If | Macro | CallBlock | FilterBlock | With | Do | Break | Continue
  | Autoescape | Materialization | TestBlock | Docs | SnapshotBlock | Loader | UnknownTag

/** Literal text after white space control; `start`/`end` are the untrimmed range. A raw block is Text too. */
export interface Text extends Span { readonly kind: 'Text'; readonly text: string }
/** `{{ expr }}` (or `{% print a, b %}`, whose bare tuple prints its items one after another). */
export interface Print extends Span { readonly kind: 'Print'; readonly nodes: readonly Expression[] }
export interface SetStatement extends Span { readonly kind: 'Set'; readonly target: Target; readonly value: Expression }
export interface SetBlock extends Span { readonly kind: 'SetBlock'; readonly target: Target; readonly filter: Expression | null; readonly body: readonly Statement[] }
export interface For extends Span {
  readonly kind: 'For'
  readonly target: Target
  readonly iter: Expression
  readonly test: Expression | null
  readonly recursive: boolean
  readonly body: readonly Statement[]
  readonly orelse: readonly Statement[]
}
export interface If extends Span {
  readonly kind: 'If'
  readonly test: Expression
  readonly body: readonly Statement[]
  readonly elif: readonly ElifBranch[]
  readonly orelse: readonly Statement[]
}
export interface ElifBranch extends Span { readonly test: Expression; readonly body: readonly Statement[] }
/** `name` is as written (dbt's `dbt_macro__` prefix is the evaluator's business). */
export interface Macro extends Span { readonly kind: 'Macro'; readonly name: string; readonly nameSpan: Span; readonly params: readonly Parameter[]; readonly body: readonly Statement[] }
export interface Parameter extends Span { readonly name: string; readonly nameSpan: Span; readonly type: string | null; readonly default: Expression | null }
export interface CallBlock extends Span { readonly kind: 'CallBlock'; readonly params: readonly Parameter[]; readonly call: Expression; readonly body: readonly Statement[] }
/** `filter` is a Filter chain whose innermost `node` is null: the block's text. */
export interface FilterBlock extends Span { readonly kind: 'FilterBlock'; readonly filter: Expression; readonly body: readonly Statement[] }
export interface With extends Span { readonly kind: 'With'; readonly targets: readonly Target[]; readonly values: readonly Expression[]; readonly body: readonly Statement[] }
export interface Do extends Span { readonly kind: 'Do'; readonly node: Expression }
export interface Break extends Span { readonly kind: 'Break' }
export interface Continue extends Span { readonly kind: 'Continue' }
export interface Autoescape extends Span { readonly kind: 'Autoescape'; readonly value: Expression; readonly body: readonly Statement[] }
/** dbt: `{% materialization name, default %}` or `adapter='x'`; `adapter` is 'default' for the former. */
export interface Materialization extends Span { readonly kind: 'Materialization'; readonly name: string; readonly nameSpan: Span; readonly adapter: string; readonly supportedLanguages: Expression | null; readonly body: readonly Statement[] }
/** dbt: `{% test name(args) %}` and `{% data_test … %}`. */
export interface TestBlock extends Span { readonly kind: 'Test'; readonly name: string; readonly nameSpan: Span; readonly params: readonly Parameter[]; readonly body: readonly Statement[] }
export interface Docs extends Span { readonly kind: 'Docs'; readonly name: string; readonly nameSpan: Span; readonly body: readonly Statement[] }
export interface SnapshotBlock extends Span { readonly kind: 'Snapshot'; readonly name: string; readonly nameSpan: Span; readonly body: readonly Statement[] }
/** include, import, from, extends, block: legal Jinja that needs a loader, which dbt does not have. */
export interface Loader extends Span { readonly kind: 'Loader'; readonly tag: string; readonly body: readonly Statement[] }
/** A tag nobody knows, or (`tag` is '') what was left of a broken tag; `nodes` are the expressions found in it. */
export interface UnknownTag extends Span { readonly kind: 'UnknownTag'; readonly tag: string; readonly nodes: readonly Expression[] }

export type Target = Name | NamespaceRef | TupleExpression | Missing

export type Expression =
  | Name | NamespaceRef | Const | TupleExpression | ListExpression | DictExpression | Conditional | Binary | Unary | Logical | Not | Compare | Concat
  | Call | Filter | Test | Getattr | Getitem | Slice | Missing

export interface Name extends Span { readonly kind: 'Name'; readonly name: string }
/** `{% set ns.attr = … %}` */
export interface NamespaceRef extends Span { readonly kind: 'NamespaceRef'; readonly name: string; readonly attr: string }
/** int is bigint, float is number. `value` of a string is decoded; adjacent literals are already joined. */
export interface Const extends Span { readonly kind: 'Const'; readonly value: string | bigint | number | boolean | null; /** A string whose closing quote is missing. */ readonly unterminated: boolean; /** A string with `\N{…}`, which stands in `value` as written: its text is unknown to us. */ readonly named: boolean }
export interface TupleExpression extends Span { readonly kind: 'Tuple'; readonly items: readonly Expression[] }
export interface ListExpression extends Span { readonly kind: 'List'; readonly items: readonly Expression[] }
export interface DictExpression extends Span { readonly kind: 'Dict'; readonly items: readonly { readonly key: Expression; readonly value: Expression }[] }
export interface Conditional extends Span { readonly kind: 'CondExpr'; readonly test: Expression; readonly then: Expression; readonly orelse: Expression | null }
export interface Binary extends Span { readonly kind: 'BinOp'; readonly op: '+' | '-' | '*' | '/' | '//' | '%' | '**'; readonly left: Expression; readonly right: Expression }
export interface Unary extends Span { readonly kind: 'UnaryOp'; readonly op: '+' | '-'; readonly node: Expression }
export interface Logical extends Span { readonly kind: 'And' | 'Or'; readonly left: Expression; readonly right: Expression }
export interface Not extends Span { readonly kind: 'Not'; readonly node: Expression }
export interface Compare extends Span { readonly kind: 'Compare'; readonly expr: Expression; readonly ops: readonly { readonly op: CompareOp; readonly expr: Expression }[] }
export type CompareOp = 'eq' | 'ne' | 'lt' | 'lteq' | 'gt' | 'gteq' | 'in' | 'notin'
export interface Concat extends Span { readonly kind: 'Concat'; readonly nodes: readonly Expression[] }
export interface Arguments {
  readonly args: readonly Expression[]
  readonly kwargs: readonly KeywordArgument[]
  readonly dynArgs: Expression | null
  readonly dynKwargs: Expression | null
}
export interface KeywordArgument extends Span { readonly name: string; readonly nameSpan: Span; readonly value: Expression }
/** `argsSpan` is `(` … `)`, cut where the text breaks off; `open` says that the `)` is missing. */
export interface Call extends Span, Arguments { readonly kind: 'Call'; readonly node: Expression; readonly argsSpan: Span; readonly open: boolean }
export interface Filter extends Span, Arguments { readonly kind: 'Filter'; readonly node: Expression | null; readonly name: string; readonly nameSpan: Span }
export interface Test extends Span, Arguments { readonly kind: 'Test'; readonly node: Expression; readonly name: string; readonly nameSpan: Span }
export interface Getattr extends Span { readonly kind: 'Getattr'; readonly node: Expression; readonly attr: string; readonly attrSpan: Span }
export interface Getitem extends Span { readonly kind: 'Getitem'; readonly node: Expression; readonly arg: Expression }
export interface Slice extends Span { readonly kind: 'Slice'; readonly from: Expression | null; readonly to: Expression | null; readonly step: Expression | null }
/** Nothing stands where an expression must: `{{ }}`, `ref(`, `a + }}`. */
export interface Missing extends Span { readonly kind: 'Missing' }
