// Methods of str about letters: case, kinds of characters, padding.

import { between, named, noArguments, size, text } from '../arguments.ts'
import { budgetExceeded, typeError } from '../errors.ts'
import { MOST_ITEMS } from '../operators.ts'
import { lengthOf, strip } from '../../text/python.ts'
import type { CallArgs, CallContext, Value } from '../value.ts'

export type StrMethod = (self: string, args: CallArgs, context: CallContext) => Value

const plain = (name: string, compute: (self: string) => Value): [string, StrMethod] => [name, (self, args) => {
  noArguments('str', name, args)
  return compute(self)
}]

const every = (name: string, pattern: RegExp): [string, StrMethod] => plain(name, self => self !== '' && pattern.test(self))

// Numeric_Type=Digit beyond the decimal digits; JavaScript's \p{…} cannot name it.
const DIGITS = '\\p{Nd}\\u00b2\\u00b3\\u00b9\\u1369-\\u1371\\u19da\\u2070\\u2074-\\u2079\\u2080-\\u2089\\u2460-\\u2468\\u2474-\\u247c\\u2488-\\u2490\\u24ea\\u24f5-\\u24fd\\u24ff\\u2776-\\u277e\\u2780-\\u2788\\u278a-\\u2792'
const NUMBERS = '\\p{N}\\u3405\\u3483\\u382a\\u3b4d\\u4e00\\u4e03\\u4e07\\u4e09\\u4e5d\\u4e8c\\u4e94\\u4ebf\\u4ebf\\u4ec0-\\u4ec3\\u4edf\\u4f0d\\u4f70\\u5104\\u5146\\u5169\\u516b\\u516d\\u5341-\\u5345\\u534c\\u53c1-\\u53c4\\u56db\\u58f1\\u58f9\\u5e7a\\u5efe\\u5eff\\u5f0c-\\u5f0e\\u5f10\\u62fe\\u634c\\u67d2\\u6f06\\u7396\\u767e\\u8086\\u842c\\u8cae\\u8cb3\\u8d30\\u9621\\u9646\\u964c\\u9678\\u96f6'
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u

export const CASE_METHODS: readonly [string, StrMethod][] = [
  plain('upper', self => self.toUpperCase()),
  plain('lower', self => self.toLowerCase()),
  plain('casefold', casefold),
  plain('swapcase', self => Array.from(self, character => /\p{Uppercase}/u.test(character) ? character.toLowerCase() : character.toUpperCase()).join('')),
  plain('capitalize', capitalize),
  plain('title', title),
  plain('isalpha', self => /^\p{L}+$/u.test(self)),
  every('isdecimal', /^\p{Nd}+$/u),
  every('isdigit', new RegExp(`^[${DIGITS}]+$`, 'u')),
  every('isnumeric', new RegExp(`^[${NUMBERS}]+$`, 'u')),
  every('isalnum', new RegExp(`^[\\p{L}${NUMBERS}]+$`, 'u')),
  plain('isascii', self => !/[^\0-\x7f]/.test(self)),
  every('isidentifier', /^[\p{XID_Start}_]\p{XID_Continue}*$/u),
  plain('isprintable', self => !UNPRINTABLE.test(self)),
  plain('isspace', self => self !== '' && strip(self) === ''),
  plain('islower', isLower),
  plain('isupper', isUpper),
  plain('istitle', isTitle),
  ['center', pad('center', (missing, width) => {
    const left = Math.floor(missing / 2) + (missing & width & 1)
    return [left, missing - left]
  })],
  ['ljust', pad('ljust', missing => [0, missing])],
  ['rjust', pad('rjust', missing => [missing, 0])],
  ['zfill', (self, { args, kwargs }, context) => {
    if (args.length !== 1 || kwargs.size > 0) throw typeError(kwargs.size > 0 ? 'str.zfill() takes no keyword arguments' : `str.zfill() takes exactly one argument (${args.length} given)`)
    const missing = room(size(args[0] ?? null), self, context)
    const sign = /^[+-]/.test(self) ? 1 : 0
    return self.slice(0, sign) + '0'.repeat(missing) + self.slice(sign)
  }],
  ['expandtabs', (self, args, context) => {
    const { tabsize } = named('expandtabs', args, ['tabsize'])
    return expandTabs(self, tabsize === undefined ? 8 : size(tabsize), context)
  }],
]

export function isLower(self: string): boolean { return /\p{Lowercase}/u.test(self) && !/[\p{Uppercase}\p{Lt}]/u.test(self) }
export function isUpper(self: string): boolean { return /\p{Uppercase}/u.test(self) && !/[\p{Lowercase}\p{Lt}]/u.test(self) }

function isTitle(self: string): boolean {
  let cased = false
  let within = false
  for (const character of self) {
    if (/[\p{Uppercase}\p{Lt}]/u.test(character)) {
      if (within) return false
      within = cased = true
    } else if (/\p{Lowercase}/u.test(character)) {
      if (!within) return false
      cased = true
    } else within = false
  }
  return cased
}

function casefold(self: string): string { return self.replace(/\u00df/g, 'ss').toLowerCase().replace(/\u03c2/g, '\u03c3') }

/** The title case of one character: JavaScript has only upper case, which for the digraphs and ligatures is not the same. */
function titleCase(character: string): string {
  const digraph = DIGRAPHS.get(character)
  if (digraph) return digraph
  const [first = '', ...rest] = Array.from(character.toUpperCase())
  return first + rest.join('').toLowerCase()
}
const DIGRAPHS = new Map([...'ǄǅǆǇǈǉǊǋǌǱǲǳ'].map((character, i) => [character, [...'ǅǈǋǲ'][Math.floor(i / 3)] ?? character]))

export function capitalize(self: string): string {
  const [first, ...rest] = Array.from(self)
  if (first === undefined) return ''
  return titleCase(first) + (first + rest.join('')).toLowerCase().slice(first.toLowerCase().length)
}

function title(self: string): string {
  let out = ''
  let within = false
  for (const character of self) {
    out += within ? character.toLowerCase() : titleCase(character)
    within = /[\p{Uppercase}\p{Lowercase}\p{Lt}]/u.test(character)
  }
  return out
}

function pad(name: string, split: (missing: number, width: number) => [number, number]): StrMethod {
  return (self, args, context) => {
    const [width = null, fill = ' '] = between('str', name, args, 1, 2)
    const wanted = size(width)
    const filler = text(fill, type => `The fill character must be a unicode character, not ${type}`)
    if (lengthOf(filler) !== 1) throw typeError('The fill character must be exactly one character long')
    const missing = room(wanted, self, context)
    const [left, right] = split(missing, wanted)
    return filler.repeat(left) + self + filler.repeat(right)
  }
}

function room(width: number, self: string, context: CallContext): number {
  if (width > MOST_ITEMS) throw budgetExceeded(`a str of ${width} characters`)
  const missing = Math.max(0, width - lengthOf(self))
  context.spend(0, missing)
  return missing
}

function expandTabs(self: string, tabSize: number, context: CallContext): string {
  if (tabSize > MOST_ITEMS) throw budgetExceeded(`a tab of ${tabSize} columns`)
  let column = 0
  let out = ''
  for (const character of self) {
    if (character === '\t') {
      const width = tabSize > 0 ? tabSize - (column % tabSize) : 0
      context.spend(0, width)
      out += ' '.repeat(width)
      column += width
    } else {
      out += character
      column = character === '\n' || character === '\r' ? 0 : column + 1
    }
  }
  return out
}
