// Methods of str that look for, cut, join and replace.

import { encode } from '../bytes.ts'
import { between, index, named, oneArgument, refuseUnknown, size, text } from '../arguments.ts'
import { budgetExceeded, typeError, valueError } from '../errors.ts'
import { tryIter } from '../iterate.ts'
import { work } from '../meter.ts'
import { MOST_ITEMS } from '../operators.ts'
import { strOf } from '../repr.ts'
import { codePoints, isSpace, lengthOf, sliceText, splitLines, splitSpace } from '../../text/python.ts'
import { intOf, textOf, truthOf, typeNameOf } from '../types.ts'
import { PyDict, PyList, PyTuple } from '../value.ts'
import type { CallArgs, CallContext, Value } from '../value.ts'
import type { StrMethod } from './str-case.ts'

const mustBeStr = (type: string): string => `must be str, not ${type}`

export const SEARCH_METHODS: readonly [string, StrMethod][] = [
  ['strip', trim('strip', true, true)],
  ['lstrip', trim('lstrip', true, false)],
  ['rstrip', trim('rstrip', false, true)],
  ['find', (self, args) => BigInt(search('find', self, args, false))],
  ['rfind', (self, args) => BigInt(search('rfind', self, args, true))],
  ['index', (self, args) => found(search('index', self, args, false))],
  ['rindex', (self, args) => found(search('rindex', self, args, true))],
  ['count', count],
  ['startswith', affix('startswith', (self, part, start, end) => end - start >= lengthOf(part) && start <= end && sliceText(self, start, start + lengthOf(part)) === part)],
  ['endswith', affix('endswith', (self, part, start, end) => end - start >= lengthOf(part) && start <= end && sliceText(self, end - lengthOf(part), end) === part)],
  ['removeprefix', (self, args) => {
    const prefix = text(oneArgument('str', 'removeprefix', args), type => `removeprefix() argument must be str, not ${type}`)
    return self.startsWith(prefix) ? self.slice(prefix.length) : self
  }],
  ['removesuffix', (self, args) => {
    const suffix = text(oneArgument('str', 'removesuffix', args), type => `removesuffix() argument must be str, not ${type}`)
    return suffix !== '' && self.endsWith(suffix) ? self.slice(0, -suffix.length) : self
  }],
  ['replace', replace],
  ['join', join],
  ['split', (self, args) => new PyList(split('split', self, args, false))],
  ['rsplit', (self, args) => new PyList(split('rsplit', self, args, true))],
  ['encode', (self, args) => {
    const { encoding = 'utf-8' } = named('encode', args, ['encoding', 'errors'])
    return encode(self, text(encoding, type => `encode() argument 'encoding' must be str, not ${type}`))
  }],
  ['splitlines', (self, args) => {
    const { keepends } = named('splitlines', args, ['keepends'])
    refuseUnknown(keepends)
    if (keepends !== undefined && typeof keepends === 'object') index(keepends)
    return new PyList(splitLines(self, keepends !== undefined && truthOf(keepends)))
  }],
  ['partition', (self, args) => {
    const separator = nonEmpty(text(oneArgument('str', 'partition', args), mustBeStr))
    const at = self.indexOf(separator)
    return new PyTuple(at < 0 ? [self, '', ''] : [self.slice(0, at), separator, self.slice(at + separator.length)])
  }],
  ['rpartition', (self, args) => {
    const separator = nonEmpty(text(oneArgument('str', 'rpartition', args), mustBeStr))
    const at = self.lastIndexOf(separator)
    return new PyTuple(at < 0 ? ['', '', self] : [self.slice(0, at), separator, self.slice(at + separator.length)])
  }],
  ['translate', translate],
  ['maketrans', (_self, args) => makeTranslation(args)],
]

function nonEmpty(separator: string): string {
  if (separator === '') throw valueError('empty separator')
  return separator
}

function trim(name: string, left: boolean, right: boolean): StrMethod {
  return (self, args) => {
    const [characters = null] = between('str', name, args, 0, 1)
    refuseUnknown(characters)
    if (characters === null) return trimWhere(self, left, right, character => isSpace(character.codePointAt(0) ?? 0))
    const set = new Set(text(characters, () => `${name} arg must be None or str`))
    return trimWhere(self, left, right, character => set.has(character))
  }
}

export function trimWhere(self: string, left: boolean, right: boolean, drop: (character: string) => boolean): string {
  const points = codePoints(self) ?? self
  let start = 0
  let end = points.length
  while (left && start < end && drop(points[start] ?? '')) start++
  while (right && end > start && drop(points[end - 1] ?? '')) end--
  work((start + points.length - end) >> 3)
  return typeof points === 'string' ? points.slice(start, end) : points.slice(start, end).join('')
}

/** Start and end of an optional slice, as ints within the length. */
function bounds(length: number, start: Value | undefined, end: Value | undefined): [number, number] {
  const position = (value: Value | undefined, fallback: number): number => {
    if (value === undefined || value === null) return fallback
    refuseUnknown(value)
    const at = intOf(value)
    if (at === undefined) throw typeError('slice indices must be integers or None or have an __index__ method')
    const number = Number(at < -(2n ** 53n) ? -(2n ** 53n) : at > 2n ** 53n ? 2n ** 53n : at)
    return number < 0 ? Math.max(0, number + length) : number
  }
  return [position(start, 0), Math.min(position(end, length), length)]
}

function parts(name: string, args: CallArgs): readonly Value[] {
  if (args.kwargs.size > 0) throw typeError(`str.${name}() takes no keyword arguments`)
  if (args.args.length < 1) throw typeError(`${name}() takes at least 1 argument (0 given)`)
  if (args.args.length > 3) throw typeError(`${name}() takes at most 3 arguments (${args.args.length} given)`)
  return args.args
}

function search(name: string, self: string, args: CallArgs, last: boolean): number {
  const [what = null, from, to] = parts(name, args)
  const part = text(what, mustBeStr)
  const points = codePoints(self)
  const [start, end] = bounds(points?.length ?? self.length, from, to)
  if (start > end) return -1
  const haystack = points ? points.slice(start, end).join('') : self.slice(start, end)
  const at = last ? haystack.lastIndexOf(part) : haystack.indexOf(part)
  return at < 0 ? -1 : start + lengthOf(haystack.slice(0, at))
}

function found(at: number): bigint {
  if (at < 0) throw valueError('substring not found')
  return BigInt(at)
}

function count(self: string, args: CallArgs): bigint {
  const [what = null, from, to] = parts('count', args)
  const part = text(what, mustBeStr)
  const [start, end] = bounds(lengthOf(self), from, to)
  if (start > end) return 0n
  const haystack = sliceText(self, start, end)
  if (part === '') return BigInt(lengthOf(haystack) + 1)
  let found = 0n
  for (let at = haystack.indexOf(part); at >= 0; at = haystack.indexOf(part, at + part.length)) {
    work(0.25)
    found++
  }
  return found
}

function affix(name: string, test: (self: string, part: string, start: number, end: number) => boolean): StrMethod {
  return (self, args) => {
    const [what = null, from, to] = parts(name, args)
    const [start, end] = bounds(lengthOf(self), from, to)
    if (what instanceof PyTuple) {
      return what.items.some(item => test(self, text(item, type => `tuple for ${name} must only contain str, not ${type}`), start, end))
    }
    return test(self, text(what, type => `${name} first arg must be str or a tuple of str, not ${type}`), start, end)
  }
}

function replace(self: string, args: CallArgs, context: CallContext): string {
  const [old = null, by = null, limit = -1n] = between('str', 'replace', args, 2, 3)
  const from = text(old, type => `replace() argument 1 must be str, not ${type}`)
  const to = text(by, type => `replace() argument 2 must be str, not ${type}`)
  return replaceText(self, from, to, size(limit), context)
}

/** `self.replace(from, to, limit)`; a negative limit means all. */
export function replaceText(self: string, from: string, to: string, limit: number, context: Pick<CallContext, 'spend'>): string {
  // A long text is cut into as many pieces as there are matches: that is where the time goes.
  for (let at = self.length < 4096 || from === '' ? -1 : self.indexOf(from); at >= 0; at = self.indexOf(from, at + from.length)) context.spend(1)
  if (from === '') context.spend(self.length >> 1)
  const pieces = from === '' ? ['', ...Array.from(self), ''] : self.split(from)
  const times = limit < 0 ? pieces.length - 1 : Math.min(limit, pieces.length - 1)
  const total = self.length + times * to.length
  if (total > MOST_ITEMS) throw budgetExceeded(`a str of ${total} characters`)
  context.spend(0, total)
  if (times === pieces.length - 1) return pieces.join(to)
  return [pieces.slice(0, times + 1).join(to), ...pieces.slice(times + 1)].join(from)
}

function join(self: string, args: CallArgs, context: CallContext): string {
  const iterable = oneArgument('str', 'join', args)
  const iterator = tryIter(iterable)
  if (!iterator) throw typeError('can only join an iterable')
  const texts: string[] = []
  for (let item = iterator.next(); item !== undefined; item = iterator.next()) {
    const part = textOf(item)
    if (part === undefined) {
      refuseUnknown(item)
      throw typeError(`sequence item ${texts.length}: expected str instance, ${typeNameOf(item)} found`)
    }
    texts.push(part)
    context.spend(1, part.length + self.length)
  }
  return texts.join(self)
}

function split(name: string, self: string, args: CallArgs, right: boolean): string[] {
  const given = named(name, args, ['sep', 'maxsplit'])
  const limit = given.maxsplit === undefined ? -1 : size(given.maxsplit)
  if (self.length > 64) work(self.length >> 4)
  if (given.sep === undefined || given.sep === null) return right ? splitSpaceRight(self, limit) : splitSpace(self, limit)
  const separator = nonEmpty(text(given.sep, type => `must be str or None, not ${type}`))
  const all = self.split(separator)
  if (limit < 0 || all.length - 1 <= limit) return all
  return right ? [all.slice(0, all.length - limit).join(separator), ...all.slice(all.length - limit)] : [...all.slice(0, limit), all.slice(limit).join(separator)]
}

function splitSpaceRight(self: string, limit: number): string[] {
  if (limit < 0) return splitSpace(self)
  const backwards = (value: string): string => Array.from(value).reverse().join('')
  return splitSpace(backwards(self), limit).map(backwards).reverse()
}

function translate(self: string, args: CallArgs): string {
  const table = oneArgument('str', 'translate', args)
  refuseUnknown(table)
  if (!(table instanceof PyDict)) throw typeError(`'${typeNameOf(table)}' object is not subscriptable`)
  return Array.from(self, character => {
    const by = table.get(BigInt(character.codePointAt(0) ?? 0))
    if (by === undefined) return character
    if (by === null) return ''
    const code = intOf(by)
    if (code !== undefined) return String.fromCodePoint(Number(code))
    return text(by, () => 'character mapping must return integer, None or str')
  }).join('')
}

function makeTranslation(args: CallArgs): PyDict {
  const [first = null, second, third] = between('str', 'maketrans', args, 1, 3)
  if (second === undefined) {
    if (!(first instanceof PyDict)) throw typeError('if you give only one argument to maketrans it must be a dict')
    work(first.entries.size)
    return new PyDict(first.items().map(([key, value]) => [textOf(key) === undefined ? key : BigInt(strOf(key).codePointAt(0) ?? 0), value] as const))
  }
  const from = Array.from(text(first, () => 'first maketrans argument must be a string if there is a second argument'))
  const to = Array.from(text(second, type => `maketrans() argument 2 must be str, not ${type}`))
  if (from.length !== to.length) throw valueError('the first two maketrans arguments must have equal length')
  const table = new PyDict(from.map((character, i) => [BigInt(character.codePointAt(0) ?? 0), BigInt((to[i] ?? '').codePointAt(0) ?? 0)] as const))
  if (third !== undefined) for (const character of text(third, type => `maketrans() argument 3 must be str, not ${type}`)) table.set(BigInt(character.codePointAt(0) ?? 0), null)
  return table
}
