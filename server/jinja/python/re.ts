// Python's `re` module as `modules.re` shows it, on our own engine (regex-*.ts). Functions, Pattern, Match, flags.

import { bind, named } from '../arguments.ts'
import { PyException, UnknownSignal, typeError } from '../errors.ts'
import { work } from '../meter.ts'
import { reprOf, stringRepr } from '../repr.ts'
import { PyIterator } from '../iterate.ts'
import { intOf, textOf, typeNameOf } from '../types.ts'
import { PyDict, PyFunction, PyList, PyObject, PyTuple, PyUnknown, type CallArgs, type CallContext, type HashKey, type PyIter, type Value } from '../value.ts'
import { Flag, parseRegex } from './regex-parse.ts'
import { compileRegex, matchAt, newSteps, type Program } from './regex-run.ts'
import { fillTemplate, parseTemplate } from './regex-template.ts'

type Method = (args: CallArgs, context: CallContext) => Value

/** The members of `modules.re`: `re.__all__`. */
export function reModule(): ReadonlyMap<string, Value> {
  const members = new Map<string, Value>()
  const define = (name: string, method: Method): void => { members.set(name, new PyFunction(name, method)) }
  for (const name of ['match', 'fullmatch', 'search', 'findall', 'finditer'] as const) {
    define(name, (args, context) => {
      const [pattern, string, flags] = bind(name, [['pattern'], ['string'], ['flags', 0n]], args)
      return compile(pattern ?? null, flags ?? null).call1(name, [string ?? null], context)
    })
  }
  define('split', (args, context) => {
    const [pattern, string, limit, flags] = bind('split', [['pattern'], ['string'], ['maxsplit', 0n], ['flags', 0n]], args)
    return compile(pattern ?? null, flags ?? null).call1('split', [string ?? null, limit ?? null], context)
  })
  for (const name of ['sub', 'subn'] as const) {
    define(name, (args, context) => {
      const [pattern, by, string, count, flags] = bind(name, [['pattern'], ['repl'], ['string'], ['count', 0n], ['flags', 0n]], args)
      return compile(pattern ?? null, flags ?? null).call1(name, [by ?? null, string ?? null, count ?? null], context)
    })
  }
  for (const name of ['compile', 'template'] as const) {
    define(name, args => {
      const [pattern, flags] = bind(name, [['pattern'], ['flags', 0n]], args)
      return compile(pattern ?? null, flags ?? null)
    })
  }
  define('purge', () => null)
  define('escape', args => escape(bind('escape', [['pattern']], args)[0] ?? null))
  for (const name of ['error', 'Pattern', 'Match', 'RegexFlag']) members.set(name, new PyUnknown({ code: 'python-library', message: `modules.re.${name} is a class`, stack: [] }, true))
  for (const [names, value] of FLAGS) for (const name of names) members.set(name, new PyRegexFlag(BigInt(value)))
  return members
}

const FLAGS: readonly (readonly [readonly string[], number])[] = [
  [['NOFLAG'], 0], [['ASCII', 'A'], Flag.A], [['IGNORECASE', 'I'], Flag.I], [['LOCALE', 'L'], Flag.L], [['UNICODE', 'U'], Flag.U],
  [['MULTILINE', 'M'], Flag.M], [['DOTALL', 'S'], Flag.S], [['VERBOSE', 'X'], Flag.X],
]

/** `re.IGNORECASE`: an int that prints its name. */
class PyRegexFlag extends PyObject {
  readonly typeName = 'RegexFlag'
  readonly value: bigint
  constructor(value: bigint) { super(); this.value = value }
  override truthy(): boolean { return this.value !== 0n }
  override equals(other: Value): boolean | undefined { return other instanceof PyRegexFlag ? other.value === this.value : intOf(other) === this.value }
  override hashKey(): HashKey { return this.value }
  override binary(op: '+' | '-' | '*' | '/' | '//' | '%' | '**', other: Value, reflected: boolean): Value | undefined {
    const right = other instanceof PyRegexFlag ? other.value : intOf(other)
    if (right === undefined) return undefined
    if (op === '+') return this.value + right
    if (op === '-') return reflected ? right - this.value : this.value - right
    return op === '*' ? this.value * right : undefined
  }
  override getattr(name: string): Value | undefined {
    return name === 'value' ? this.value : name === 'name' ? flagNames(Number(this.value)).join('|').replaceAll('re.', '') : undefined
  }
  override repr(): string { return flagNames(Number(this.value)).join('|') || 're.NOFLAG' }
}

function flagNames(flags: number): string[] {
  const names: string[] = []
  for (const [[name], value] of [...FLAGS].sort((a, b) => a[1] - b[1])) if (value !== 0 && flags & value) names.push(`re.${name}`)
  return names
}

function flagsOf(value: Value): number {
  if (value instanceof PyRegexFlag) return Number(value.value)
  const flags = intOf(value)
  if (flags === undefined) throw typeError(`unsupported operand type(s) for &: '${typeNameOf(value)}' and 'RegexFlag'`)
  return Number(flags & 0x3ffn)
}

const SPECIAL = new Set('()[]{}?*+-|^$\\.&~# \t\n\r\v\f')

function escape(value: Value): string {
  const text = textOf(value)
  if (text === undefined) throw typeError(`decoding to str: need a bytes-like object, ${typeNameOf(value)} found`)
  work(text.length >> 2)
  return Array.from(text, c => SPECIAL.has(c) ? '\\' + c : c).join('')
}

/** `re.compile(pattern, flags)`. */
function compile(pattern: Value, flags: Value): PyPattern {
  if (typeof pattern === 'object' && pattern?.unknown) throw new UnknownSignal(pattern.unknown)
  if (pattern instanceof PyPattern) {
    if (flagsOf(flags) !== 0) throw new PyException('ValueError', 'cannot process flags argument with a compiled pattern')
    return pattern
  }
  const text = textOf(pattern)
  if (text === undefined) throw typeError(keyless(pattern) ?? 'first argument must be string or compiled pattern')
  // Reading a pattern and making its program takes longer than to run it.
  work(text.length * 4)
  const given = flagsOf(flags)
  if (given & Flag.L) throw new PyException('ValueError', 'cannot use LOCALE flag with a str pattern')
  if ((given & Flag.A) && (given & Flag.U)) throw new PyException('ValueError', 'ASCII and UNICODE flags are incompatible')
  return new PyPattern(text, given)
}

function keyless(value: Value): string | null {
  return value instanceof PyList || value instanceof PyDict ? `unhashable type: '${typeNameOf(value)}'` : null
}

/** A text and its code points; positions in `re` count those. */
class Subject {
  readonly value: Value
  readonly text: string
  readonly codes: number[]
  private readonly astral: boolean
  constructor(value: Value, text: string) {
    work(text.length >> 2)
    this.value = value
    this.text = text
    this.codes = Array.from(text, c => c.codePointAt(0) ?? 0)
    this.astral = this.codes.length !== text.length
  }
  slice(start: number, end: number): string {
    return this.astral ? String.fromCodePoint(...this.codes.slice(start, Math.min(end, start + 10_000))) + (end - start > 10_000 ? this.slice(start + 10_000, end) : '') : this.text.slice(start, end)
  }
}

class PyPattern extends PyObject {
  readonly typeName = 'Pattern'
  override get qualifiedTypeName(): string { return 're.Pattern' }
  readonly pattern: string
  readonly flags: number
  readonly groups: number
  readonly names: ReadonlyMap<string, number>
  private readonly program: Program

  constructor(pattern: string, flags: number) {
    super()
    const parsed = parseRegex(pattern, flags)
    this.pattern = pattern
    this.flags = parsed.flags
    this.groups = parsed.groups
    this.names = parsed.names
    this.program = compileRegex(parsed)
  }

  override equals(other: Value): boolean | undefined { return other instanceof PyPattern ? other.pattern === this.pattern && other.flags === this.flags : undefined }
  override hashKey(): HashKey { return `\0re${this.flags}:${this.pattern}` }
  override repr(): string {
    const names = flagNames(this.flags & ~Flag.U)
    const quoted = stringRepr(this.pattern)
    return `re.compile(${Array.from(quoted).slice(0, 200).join('')}${names.length > 0 ? ', ' + names.join('|') : ''})`
  }

  override getattr(name: string): Value | undefined {
    switch (name) {
      case 'pattern': return this.pattern
      case 'flags': return BigInt(this.flags)
      case 'groups': return BigInt(this.groups)
      case 'groupindex': return new PyDict(Array.from(this.names, ([key, value]): [Value, Value] => [key, BigInt(value)]))
      case 'match': case 'fullmatch': case 'search': case 'findall': case 'finditer':
        return new PyFunction(name, (args, context) => {
          const { string, pos, endpos } = named(name, args, ['string', 'pos', 'endpos'])
          return this.call1(name, [required(string, name), pos ?? 0n, endpos ?? null], context)
        })
      case 'split':
        return new PyFunction(name, (args, context) => {
          const { string, maxsplit } = named(name, args, ['string', 'maxsplit'])
          return this.call1(name, [required(string, name), maxsplit ?? 0n], context)
        })
      case 'sub': case 'subn':
        return new PyFunction(name, (args, context) => {
          const { repl, string, count } = named(name, args, ['repl', 'string', 'count'])
          return this.call1(name, [required(repl, name, 'repl'), required(string, name, 'string', 2), count ?? 0n], context)
        })
      default: return undefined
    }
  }

  /** A method by name with its arguments in order. */
  call1(name: string, args: readonly Value[], context: CallContext): Value {
    if (name === 'sub' || name === 'subn') return this.substitute(name, args[0] ?? null, subjectOf(args[1] ?? null), count(args[2] ?? 0n), context)
    const subject = subjectOf(args[0] ?? null)
    if (name === 'split') return this.split(subject, count(args[1] ?? 0n), context)
    const length = subject.codes.length
    const end = args[2] === undefined || args[2] === null ? length : clamp(args[2], length)
    const start = Math.min(clamp(args[1] ?? 0n, length), length)
    switch (name) {
      case 'match': case 'fullmatch': return start > end ? null : this.found(subject, start, end, start, this.at(subject, start, end, name === 'fullmatch', -1, context))
      case 'search': return this.next(subject, start, end, -1, start, context)
      case 'findall': {
        const out: Value[] = []
        for (const match of this.all(subject, start, end, context)) out.push(this.groups === 0 ? match.group(0) : this.groups === 1 ? match.group(1) ?? '' : new PyTuple(match.groups('')))
        return new PyList(out)
      }
      default: {
        const matches = this.all(subject, start, end, context)
        const source: PyIter = { next: () => { const step = matches.next(); return step.done ? undefined : step.value } }
        return new PyIterator('callable_iterator', source)
      }
    }
  }

  private at(subject: Subject, start: number, end: number, whole: boolean, notEmptyAt: number, context: CallContext, steps = newSteps()): number[] | null {
    return matchAt(this.program, subject.codes, start, end, whole, notEmptyAt, context, steps)
  }

  private found(subject: Subject, pos: number, end: number, _start: number, registers: number[] | null): PyMatch | null {
    return registers === null ? null : new PyMatch(this, subject, registers, pos, end)
  }

  private next(subject: Subject, from: number, end: number, notEmptyAt: number, pos: number, context: CallContext, steps = newSteps()): PyMatch | null {
    for (let start = from; start <= end; start++) {
      const registers = this.at(subject, start, end, false, notEmptyAt, context, steps)
      if (registers !== null) return this.found(subject, pos, end, start, registers)
    }
    return null
  }

  /** Every match from left to right; two empty ones may not stand at one place. */
  private* all(subject: Subject, start: number, end: number, context: CallContext): Generator<PyMatch, undefined> {
    let at = start
    let notEmptyAt = -1
    const steps = newSteps()
    for (;;) {
      const match = this.next(subject, at, end, notEmptyAt, start, context, steps)
      if (match === null) return undefined
      context.spend(1, 32)
      yield match
      at = match.end(0)
      notEmptyAt = match.start(0) === at ? at : -1
    }
  }

  private split(subject: Subject, limit: number, context: CallContext): Value {
    const out: Value[] = []
    let last = 0
    for (const match of this.all(subject, 0, subject.codes.length, context)) {
      out.push(subject.slice(last, match.start(0)), ...match.groups(null))
      last = match.end(0)
      if (limit > 0 && --limit === 0) break
    }
    out.push(subject.slice(last, subject.codes.length))
    return new PyList(out)
  }

  private substitute(name: string, by: Value, subject: Subject, limit: number, context: CallContext): Value {
    const text = textOf(by)
    const template = text === undefined ? null : parseTemplate(text, this.groups, this.names)
    if (text === undefined && !(by instanceof PyObject && by.callable())) throw typeError(`decoding to str: need a bytes-like object, ${typeNameOf(by)} found`)
    let out = ''
    let last = 0
    let made = 0
    for (const match of this.all(subject, 0, subject.codes.length, context)) {
      const piece = template !== null ? fillTemplate(template, group => match.group(group)) : replacement(context.call(by, { args: [match], kwargs: new Map() }))
      context.spend(1, piece.length)
      out += subject.slice(last, match.start(0)) + piece
      last = match.end(0)
      made++
      if (limit > 0 && made >= limit) break
    }
    out += subject.slice(last, subject.codes.length)
    return name === 'sub' ? out : new PyTuple([out, BigInt(made)])
  }
}

function replacement(value: Value): string {
  if (typeof value === 'object' && value?.unknown) throw new UnknownSignal(value.unknown)
  const text = textOf(value)
  if (text !== undefined) return text
  if (value === null) return ''
  throw typeError(`sequence item 1: expected str instance, ${typeNameOf(value)} found`)
}

function required(value: Value | undefined, method: string, name = 'string', position = 1): Value {
  if (value === undefined) throw typeError(`${method}() missing required argument '${name}' (pos ${position})`)
  return value
}

function subjectOf(value: Value): Subject {
  if (typeof value === 'object' && value?.unknown) throw new UnknownSignal(value.unknown)
  const text = textOf(value)
  if (text === undefined) throw typeError(`expected string or bytes-like object, got '${typeNameOf(value)}'`)
  return new Subject(value, text)
}

function count(value: Value): number {
  const int = value instanceof PyRegexFlag ? value.value : intOf(value)
  if (int === undefined) throw typeError(`'${typeNameOf(value)}' object cannot be interpreted as an integer`)
  return Number(int)
}

function clamp(value: Value, length: number): number {
  return Math.max(0, Math.min(count(value), length))
}

class PyMatch extends PyObject {
  readonly typeName = 'Match'
  override get qualifiedTypeName(): string { return 're.Match' }
  readonly regex: PyPattern
  private readonly subject: Subject
  private readonly registers: readonly number[]
  private readonly pos: number
  private readonly endpos: number

  constructor(regex: PyPattern, subject: Subject, registers: readonly number[], pos: number, endpos: number) {
    super()
    this.regex = regex
    this.subject = subject
    this.registers = registers
    this.pos = pos
    this.endpos = endpos
  }

  start(group: number): number { return (this.registers[group * 2 + 1] ?? -1) < 0 ? -1 : this.registers[group * 2] ?? -1 }
  end(group: number): number { return this.registers[group * 2 + 1] ?? -1 }
  group(group: number): string | null { return this.start(group) < 0 ? null : this.subject.slice(this.start(group), this.end(group)) }
  groups(fallback: Value): Value[] { return Array.from({ length: this.regex.groups }, (_, i) => this.group(i + 1) ?? fallback) }

  override truthy(): boolean { return true }
  override subscriptable(): boolean { return true }
  override getitem(key: Value): Value | undefined {
    const group = this.find(key)
    return group === undefined ? undefined : this.group(group)
  }
  override repr(): string {
    const text = reprOf(this.group(0))
    return `<re.Match object; span=(${this.start(0)}, ${this.end(0)}), match=${Array.from(text).slice(0, 50).join('')}>`
  }

  private index(key: Value): number {
    const group = this.find(key)
    if (group === undefined) throw new PyException('IndexError', 'no such group')
    return group
  }

  private find(key: Value): number | undefined {
    const text = textOf(key)
    const group = text !== undefined ? this.regex.names.get(text) : intOf(key)
    return group === undefined || group < 0 || group > this.regex.groups ? undefined : Number(group)
  }

  private lastGroup(): number {
    let last = 0
    for (let group = 1; group <= this.regex.groups; group++) {
      // The group that closed last; of several that end together, the outermost, which closes last.
      if (this.end(group) >= 0 && (last === 0 || this.end(group) > this.end(last) || (this.end(group) === this.end(last) && this.start(group) > this.start(last) && this.start(group) === this.end(group)))) last = group
    }
    return last
  }

  override getattr(name: string): Value | undefined {
    const span = (group: number): Value => new PyTuple([BigInt(this.start(group)), BigInt(this.end(group))])
    switch (name) {
      case 'string': return this.subject.value
      case 're': return this.regex
      case 'pos': return BigInt(this.pos)
      case 'endpos': return BigInt(this.endpos)
      case 'lastindex': return this.lastGroup() === 0 ? null : BigInt(this.lastGroup())
      case 'lastgroup': return Array.from(this.regex.names).find(([, index]) => index === this.lastGroup())?.[0] ?? null
      case 'regs': return new PyTuple(Array.from({ length: this.regex.groups + 1 }, (_, group) => span(group)))
      case 'group': return new PyFunction(name, ({ args }) => args.length === 0 ? this.group(0) : args.length === 1 ? this.group(this.index(args[0] ?? null)) : new PyTuple(args.map(key => this.group(this.index(key)))))
      case 'groups': return new PyFunction(name, args => new PyTuple(this.groups(named(name, args, ['default']).default ?? null)))
      case 'groupdict': return new PyFunction(name, args => {
        const fallback = named(name, args, ['default']).default ?? null
        return new PyDict(Array.from(this.regex.names, ([key, index]): [Value, Value] => [key, this.group(index) ?? fallback]))
      })
      case 'start': return new PyFunction(name, ({ args }) => BigInt(this.start(this.index(args[0] ?? 0n))))
      case 'end': return new PyFunction(name, ({ args }) => BigInt(this.end(this.index(args[0] ?? 0n))))
      case 'span': return new PyFunction(name, ({ args }) => span(this.index(args[0] ?? 0n)))
      case 'expand': return new PyFunction(name, args => {
        const text = textOf(named(name, args, ['template']).template ?? null)
        if (text === undefined) throw typeError('decoding to str: need a bytes-like object')
        return fillTemplate(parseTemplate(text, this.regex.groups, this.regex.names), group => this.group(group))
      })
      default: return undefined
    }
  }
}

