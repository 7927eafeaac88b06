// jinja2's statements (jinja2.parser.Parser.subparse … parse_filter_block, jinja2.ext) and dbt's four block tags.
// Tolerant, the end of an outer block closes the inner ones, what is left of a broken tag becomes an UnknownTag, and unclosed blocks end with the text.

import type { Span } from '../text/span.ts'
import { ExpressionParser } from './expressions.ts'
import { MAX_DEPTH, TOO_DEEP, classNameOf } from './primaries.ts'
import { quote } from './stream.ts'
import type { ElifBranch, Expression, Parameter, Statement, Target } from './nodes.ts'

interface OpenTag extends Span { readonly name: string }

interface NamedSpan { readonly name: string; readonly nameSpan: Span }

export class StatementParser extends ExpressionParser {
  private readonly blockTags: boolean
  private readonly tags: OpenTag[] = []
  private readonly ends: (readonly string[])[] = []
  /** Where the `{%` of the tag in hand stands. */
  private begin = 0
  /** The tag in hand closes a block further out than the one being parsed. */
  private unwinding = false
  private leftovers: Statement[] = []

  constructor(text: string, tolerant: boolean, blockTags: boolean) {
    super(text, tolerant)
    this.blockTags = blockTags
  }

  parseBody(): Statement[] {
    return this.subparse([])
  }

  private subparse(ends: readonly string[]): Statement[] {
    const body: Statement[] = this.takeLeftovers()
    this.ends.push(ends)
    while (!this.at('eof')) {
      const token = this.current
      if (token.type === 'data') {
        this.next()
        body.push({ kind: 'Text', text: String(token.value), start: token.start, end: token.end })
        continue
      }
      this.next()
      if (token.type === 'variable_begin') {
        body.push(this.finished({ kind: 'Print', nodes: [this.parseTuple()], start: token.start, end: 0 }, 'variable_end'))
      } else {
        this.begin = token.start
        if (this.isOneOf(ends)) break
        if (this.tolerant && this.closesOuterBlock()) {
          this.failUnknownTag()
          this.unwinding = true
          break
        }
        body.push(this.parseTag(token.start))
        if (this.unwinding) {
          this.unwinding = !this.isOneOf(ends)
          break
        }
      }
      if (this.leftovers.length > 0) body.push(...this.takeLeftovers())
    }
    this.ends.pop()
    return body
  }

  private isOneOf(names: readonly string[]): boolean {
    return this.at('name') && names.includes(String(this.current.value))
  }

  private closesOuterBlock(): boolean {
    return this.at('name') && this.ends.some((ends) => this.isOneOf(ends))
  }

  private takeLeftovers(): Statement[] {
    const { leftovers } = this
    this.leftovers = []
    return leftovers
  }

  private parseTag(start: number): Statement {
    const statement = this.parseStatement(start)
    if (this.unwinding) return setEnd(statement, this.begin)
    if (this.at('eof') && this.panic) return setEnd(statement, this.length)
    return this.finished(statement, 'block_end')
  }

  /** Reads the end of the statement's tag and gives the statement its end. */
  private finished(statement: Statement, type: 'block_end' | 'variable_end'): Statement {
    const before = this.leftovers.length
    this.finishTag(type)
    const [leftover] = this.leftovers.slice(before)
    return setEnd(statement, leftover === undefined ? this.lastEnd : leftover.start)
  }

  private finishTag(type: 'block_end' | 'variable_end'): void {
    if (this.current.type !== type || this.current.flaw === 'cut') {
      this.expect(type)
      this.collectLeftovers()
    }
    this.panic = false
    if (this.current.type === type) this.next()
    const last = this.leftovers.at(-1)
    if (last !== undefined && last.end === 0) setEnd(last, this.lastEnd)
  }

  /** What stands between an error and the end of its tag: the expressions that can still be made out. */
  private collectLeftovers(): void {
    const start = this.lastEnd
    const nodes: Expression[] = []
    while (!this.atTagEnd()) {
      const before = this.current
      const node = STARTS_EXPRESSION.has(before.type) ? this.parseExpression() : null
      if (node !== null && !PLAIN.has(node.kind)) nodes.push(node)
      if (this.current === before) this.next()
    }
    if (nodes.length > 0) this.leftovers.push({ kind: 'UnknownTag', tag: '', nodes, start, end: 0 })
  }

  // ── errors about tags ──

  private failUnknownTag(): void {
    const token = this.current
    this.fail(this.describeTrouble(String(token.value), this.ends.filter((ends) => ends.length > 0)), token.start, token.end)
  }

  private failAtEnd(ends: readonly string[]): void {
    const tag = this.tags.at(-1) ?? { start: this.lastEnd, end: this.length }
    this.fail(this.describeTrouble(null, [...this.ends.filter((outer) => outer.length > 0), ends]), tag.start, tag.end, this.lastStart())
  }

  /** jinja2.parser.Parser._fail_ut_eof */
  private describeTrouble(name: string | null, ends: readonly (readonly string[])[]): string {
    const parts = [name === null ? 'Unexpected end of template.' : `Encountered unknown tag ${quote(name)}.`]
    const looking = ends.at(-1)?.map(quote).join(' or ')
    if (looking !== undefined) {
      const misplaced = name !== null && ends.some((names) => names.includes(name))
      parts.push(misplaced
        ? `You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for ${looking}.`
        : `Jinja was looking for the following tags: ${looking}.`)
    }
    const innermost = this.tags.at(-1)
    if (innermost !== undefined) parts.push(`The innermost block that needs to be closed is ${quote(innermost.name)}.`)
    return parts.join(' ')
  }

  // ── statements ──

  private parseStatement(start: number): Statement {
    const token = this.current
    if (token.type !== 'name') {
      this.failAt('tag name expected', token)
      return this.unknownTag('', start)
    }
    const name = String(token.value)
    const parse = STATEMENTS.get(name)
    if (parse === undefined || (!this.blockTags && BLOCK_TAGS.has(name))) this.failUnknownTag()
    if (parse === undefined) return this.unknownTag(name, start)
    if (this.ends.length > MAX_DEPTH) {
      this.failAt(TOO_DEEP, token)
      return this.unknownTag(name, start)
    }
    this.tags.push({ name, start: token.start, end: token.end })
    const statement = parse(this, start)
    this.tags.pop()
    return statement
  }

  private unknownTag(tag: string, start: number): Statement {
    if (tag !== '') this.next()
    const nodes: Expression[] = []
    while (!this.atTagEnd()) {
      const before = this.current
      const node = STARTS_EXPRESSION.has(before.type) ? this.parseExpression() : null
      if (node !== null && !PLAIN.has(node.kind)) nodes.push(node)
      if (this.current === before) this.next()
    }
    return { kind: 'UnknownTag', tag, nodes, start, end: 0 }
  }

  /** jinja2's parse_statements without `drop_needle`: the tag's end, then statements up to one of `ends`. */
  private parseStatements(ends: readonly string[]): Statement[] {
    this.skip('colon')
    this.finishTag('block_end')
    const body = this.subparse(ends)
    if (this.at('eof') && !this.unwinding) this.failAtEnd(ends)
    return body
  }

  private parseStatementsThrough(end: string): Statement[] {
    const body = this.parseStatements([end])
    if (this.closesHere()) this.next()
    return body
  }

  /** The current token is the end that the block in hand was looking for. */
  private closesHere(): boolean {
    return !this.unwinding && !this.at('eof')
  }

  private parseNameOnly(): NamedSpan {
    const token = this.expect('name')
    if (token === null) return { name: '', nameSpan: { start: this.lastEnd, end: this.lastEnd } }
    const name = String(token.value)
    if (CONSTANTS.has(name)) this.failAt("can't assign to 'name'", token)
    return { name, nameSpan: { start: token.start, end: token.end } }
  }

  parseSet(start: number): Statement {
    this.next()
    const target = this.parseTarget(true)
    if (this.skip('assign')) return { kind: 'Set', target, value: this.parseTuple(), start, end: 0 }
    const filter = this.parseFilter(null, this.current.start)
    return { kind: 'SetBlock', target, filter, body: this.parseStatementsThrough('endset'), start, end: 0 }
  }

  parseFor(start: number): Statement {
    this.next()
    const target = this.parseTarget(false)
    this.expect('name', 'in')
    const iter = this.parseTuple({ withCondition: false })
    const test = this.skipName('if') ? this.parseExpression() : null
    const recursive = this.skipName('recursive')
    const body = this.parseStatements(['endfor', 'else'])
    let orelse: Statement[] = []
    if (this.closesHere() && this.next().value === 'else') orelse = this.parseStatementsThrough('endfor')
    return { kind: 'For', target, iter, test, recursive, body, orelse, start, end: 0 }
  }

  parseIf(start: number): Statement {
    this.next()
    const test = this.parseTuple({ withCondition: false })
    const body = this.parseStatements(['elif', 'else', 'endif'])
    const elif: ElifBranch[] = []
    let orelse: Statement[] = []
    while (this.closesHere()) {
      const branchStart = this.begin
      const { value } = this.next()
      if (value === 'elif') {
        const branchTest = this.parseTuple({ withCondition: false })
        const branchBody = this.parseStatements(['elif', 'else', 'endif'])
        elif.push({ test: branchTest, body: branchBody, start: branchStart, end: this.at('eof') ? this.length : this.begin })
        continue
      }
      if (value === 'else') orelse = this.parseStatementsThrough('endif')
      break
    }
    return { kind: 'If', test, body, elif, orelse, start, end: 0 }
  }

  parseWith(start: number): Statement {
    this.next()
    const targets: Target[] = []
    const values: Expression[] = []
    while (!this.at('block_end')) {
      if (targets.length > 0 && this.expect('comma') === null) break
      const before = this.current
      targets.push(this.parseTarget(false))
      values.push(this.expect('assign') === null ? this.missing() : this.parseExpression())
      if (this.current === before) break
    }
    return { kind: 'With', targets, values, body: this.parseStatementsThrough('endwith'), start, end: 0 }
  }

  parsePrint(start: number): Statement {
    this.next()
    const nodes: Expression[] = []
    while (!this.at('block_end')) {
      if (nodes.length > 0 && this.expect('comma') === null) break
      const before = this.current
      nodes.push(this.parseExpression())
      if (this.current === before) break
    }
    return { kind: 'Print', nodes, start, end: 0 }
  }

  parseDo(start: number): Statement {
    this.next()
    return { kind: 'Do', node: this.parseTuple(), start, end: 0 }
  }

  parseLoopControl(start: number): Statement {
    return { kind: this.next().value === 'break' ? 'Break' : 'Continue', start, end: 0 }
  }

  parseAutoescape(start: number): Statement {
    this.next()
    return { kind: 'Autoescape', value: this.parseExpression(), body: this.parseStatementsThrough('endautoescape'), start, end: 0 }
  }

  parseMacro(start: number): Statement {
    this.next()
    const { name, nameSpan } = this.parseNameOnly()
    const params = this.parseSignature()
    return { kind: 'Macro', name, nameSpan, params, body: this.parseStatementsThrough('endmacro'), start, end: 0 }
  }

  parseTestBlock(start: number): Statement {
    const end = `end${String(this.next().value)}`
    const { name, nameSpan } = this.parseNameOnly()
    const params = this.parseSignature()
    return { kind: 'Test', name, nameSpan, params, body: this.parseStatementsThrough(end), start, end: 0 }
  }

  parseNamedBlock(start: number): Statement {
    const kind = this.next().value === 'docs' ? 'Docs' : 'Snapshot'
    const { name, nameSpan } = this.parseNameOnly()
    return { kind, name, nameSpan, body: this.parseStatementsThrough(`end${kind.toLowerCase()}`), start, end: 0 }
  }

  /** dbt_common.clients.jinja.MaterializationExtension.parse */
  parseMaterialization(start: number): Statement {
    this.next()
    const { name, nameSpan } = this.parseNameOnly()
    let adapter = 'default'
    let supportedLanguages: Expression | null = null
    while (this.skip('comma')) {
      const option = this.parseNameOnly()
      if (option.name === 'adapter') {
        this.expect('assign')
        const value = this.parseExpression()
        if (value.kind === 'Const') adapter = String(value.value)
        else this.fail(`'${classNameOf(value)}' object has no attribute 'value'`, value.start, value.end)
      } else if (option.name === 'supported_languages') {
        this.expect('assign')
        supportedLanguages = this.parseExpression()
      } else if (option.name !== 'default') {
        this.fail(`materialization '${name}' received unknown argument '${option.name}'.`, option.nameSpan.start, option.nameSpan.end)
      }
    }
    return { kind: 'Materialization', name, nameSpan, adapter, supportedLanguages, body: this.parseStatementsThrough('endmaterialization'), start, end: 0 }
  }

  parseCallBlock(start: number): Statement {
    const tag = this.next()
    const params = this.at('lparen') ? this.parseSignature() : []
    const call = this.parseExpression()
    if (call.kind !== 'Call') this.failAt('expected call', tag)
    return { kind: 'CallBlock', params, call, body: this.parseStatementsThrough('endcall'), start, end: 0 }
  }

  parseFilterBlock(start: number): Statement {
    this.next()
    const filter = this.parseFilter(null, this.current.start, true) ?? this.missing()
    return { kind: 'FilterBlock', filter, body: this.parseStatementsThrough('endfilter'), start, end: 0 }
  }

  /** dbt_common.clients.jinja.MacroFuzzParser.parse_signature: jinja2's, with types. */
  private parseSignature(): Parameter[] {
    const params: Parameter[] = []
    if (this.expect('lparen') === null) return params
    let defaults = false
    while (!this.at('rparen')) {
      if (params.length > 0 && this.expect('comma') === null) break
      const before = this.current
      const { name, nameSpan } = this.parseNameOnly()
      if (this.current === before) break
      const type = this.skip('colon') ? this.parseTypeName() : null
      let fallback: Expression | null = null
      if (this.skip('assign')) {
        fallback = this.parseExpression()
        defaults = true
      } else if (defaults) {
        this.failAt('non-default argument follows default argument', this.current)
      }
      params.push({ name, nameSpan, type, default: fallback, start: nameSpan.start, end: Math.max(nameSpan.end, this.lastEnd) })
    }
    this.expect('rparen')
    return params
  }

  /** `list[str]`, as written without white space. */
  private parseTypeName(): string {
    const name = this.expect('name')
    if (name === null) return ''
    if (!this.skip('lbracket')) return String(name.value)
    const parameters: string[] = []
    if (this.depth >= MAX_DEPTH) this.failAt(TOO_DEEP, this.current)
    while (!this.at('rbracket') && this.depth < MAX_DEPTH) {
      if (parameters.length > 0 && this.expect('comma') === null) break
      const before = this.current
      this.depth++
      parameters.push(this.parseTypeName())
      this.depth--
      if (this.current === before) break
    }
    this.expect('rbracket')
    return parameters.length === 0 ? String(name.value) : `${String(name.value)}[${parameters.join(', ')}]`
  }

  // ── tags that need a loader: read for their errors alone ──

  parseLoader(start: number): Statement {
    const tag = String(this.next().value)
    let body: Statement[] = []
    if (tag === 'block') body = this.parseBlock()
    else {
      this.parseExpression()
      if (tag === 'include') this.parseIncludeRest()
      else if (tag === 'import') {
        this.expect('name', 'as')
        this.parseNameOnly()
        this.skipContext()
      } else if (tag === 'from') this.parseFromRest()
    }
    return { kind: 'Loader', tag, body, start, end: 0 }
  }

  private parseBlock(): Statement[] {
    const { name } = this.parseNameOnlyUnchecked()
    this.skipName('scoped')
    const required = this.skipName('required')
    if (this.at('sub')) this.failAt(HYPHEN, this.current)
    const body = this.parseStatementsThrough('endblock')
    if (required && body.some((node) => node.kind !== 'Text' || node.text.trim() !== '')) this.failAt('Required blocks can only contain comments or whitespace', this.current)
    if (!this.unwinding) this.skipName(name)
    return body
  }

  private parseNameOnlyUnchecked(): NamedSpan {
    const token = this.expect('name')
    return { name: String(token?.value ?? ''), nameSpan: { start: token?.start ?? this.lastEnd, end: token?.end ?? this.lastEnd } }
  }

  private parseIncludeRest(): void {
    if (this.isName('ignore') && this.look().value === 'missing') {
      this.next()
      this.next()
    }
    this.skipContext()
  }

  private skipContext(): boolean {
    if (!(this.isName('with') || this.isName('without'))) return false
    const ahead = this.look()
    if (ahead.type !== 'name' || ahead.value !== 'context') return false
    this.next()
    this.next()
    return true
  }

  private parseFromRest(): void {
    this.expect('name', 'import')
    for (let count = 0; ; count++) {
      if (count > 0 && this.expect('comma') === null) return
      if (!this.at('name')) {
        this.expect('name')
        return
      }
      if (this.skipContext()) return
      const { name, nameSpan } = this.parseNameOnly()
      if (name.startsWith('_')) this.fail('names starting with an underline can not be imported', nameSpan.start, nameSpan.end)
      if (this.skipName('as')) this.parseNameOnly()
      if (this.skipContext() || !this.at('comma')) return
    }
  }
}

const HYPHEN = 'Block names in Jinja have to be valid Python identifiers and may not contain hyphens, use an underscore instead.'
const CONSTANTS: ReadonlySet<string> = new Set(['true', 'false', 'none', 'True', 'False', 'None'])
const BLOCK_TAGS: ReadonlySet<string> = new Set(['snapshot', 'data_test'])
const STARTS_EXPRESSION: ReadonlySet<string> = new Set(['name', 'string', 'integer', 'float', 'lparen', 'lbracket', 'lbrace', 'sub', 'add'])
/** Kinds that say nothing when they are found among the remains of a tag. */
const PLAIN: ReadonlySet<string> = new Set(['Name', 'Const', 'Missing'])

const STATEMENTS: ReadonlyMap<string, (parser: StatementParser, start: number) => Statement> = new Map([
  ['set', (parser: StatementParser, start: number): Statement => parser.parseSet(start)],
  ['for', (parser, start) => parser.parseFor(start)],
  ['if', (parser, start) => parser.parseIf(start)],
  ['with', (parser, start) => parser.parseWith(start)],
  ['print', (parser, start) => parser.parsePrint(start)],
  ['do', (parser, start) => parser.parseDo(start)],
  ['break', (parser, start) => parser.parseLoopControl(start)],
  ['continue', (parser, start) => parser.parseLoopControl(start)],
  ['autoescape', (parser, start) => parser.parseAutoescape(start)],
  ['macro', (parser, start) => parser.parseMacro(start)],
  ['call', (parser, start) => parser.parseCallBlock(start)],
  ['filter', (parser, start) => parser.parseFilterBlock(start)],
  ['test', (parser, start) => parser.parseTestBlock(start)],
  ['data_test', (parser, start) => parser.parseTestBlock(start)],
  ['docs', (parser, start) => parser.parseNamedBlock(start)],
  ['snapshot', (parser, start) => parser.parseNamedBlock(start)],
  ['materialization', (parser, start) => parser.parseMaterialization(start)],
  ['block', (parser, start) => parser.parseLoader(start)],
  ['extends', (parser, start) => parser.parseLoader(start)],
  ['include', (parser, start) => parser.parseLoader(start)],
  ['import', (parser, start) => parser.parseLoader(start)],
  ['from', (parser, start) => parser.parseLoader(start)],
])

function setEnd(statement: Statement, end: number): Statement {
  (statement as { end: number }).end = end
  return statement
}
