// Random programs that mostly run to their end: every expression knows the type it is to have, so that what follows it is reached.
// The other grammar (grammar.ts) is for programs that fail.

import { randomFrom } from './random.ts'
import type { Case } from './evaluated.ts'

export function generateTyped(seed: number, count: number): Case[] {
  const random = randomFrom(seed)
  return Array.from({ length: count }, (_, i) => [i % 5 === 4 ? 'parse' : 'run', new Typed(random).template()] as const)
}

type Kind = 'text' | 'number' | 'truth' | 'numbers' | 'words' | 'dict' | 'records' | 'any'

/** The variables of each type that the setup makes. */
export const VARIABLES: ReadonlyMap<string, Kind> = new Map([
  ['s', 'text'], ['t', 'text'], ['n', 'number'], ['k', 'number'], ['b', 'truth'], ['l', 'numbers'], ['w', 'words'], ['d', 'dict'], ['r', 'records'],
])

const TEXTS = ["''", "'a'", "'b c'", "'Hello World'", "'a,b,,c'", "'12'", "'é😀x'", "'  pad '", "'x_y-z'", '"it\'s"', "'<b>&'", "'a\\nb\\n'", "'ÀÉ ß'", "'\\t1\\t22'"]
const NUMBERS = ['0', '1', '2', '3', '7', '-1', '-4', '10', '255', '1.5', '0.1', '-2.25', '2.675', '1e16', '1e-7', '123456789012345678901234567890', '3.0', '0x1f', '1_000', 'true']
const FIELD = ["'a'", "'b'", "'c'"]

export class Typed {
  private readonly random: () => number
  private depth = 0
  private loops = 0
  constructor(random: () => number) { this.random = random }

  template(): string {
    const setup = Array.from(VARIABLES, ([name, kind]) => `{% set ${name} = ${this.plain(kind)} %}`).join('')
    return setup + this.statements(2 + this.below(5))
  }

  private below(count: number): number { return Math.floor(this.random() * count) }
  private chance(of: number): boolean { return this.random() < of }
  private pick<T>(from: readonly T[]): T { return from[this.below(from.length)] as T }
  private several(least: number, most: number, make: () => string): string { return Array.from({ length: least + this.below(most - least + 1) }, make).join(', ') }
  private variable(kind: Kind): string { return this.pick(Array.from(VARIABLES).filter(([, of]) => of === kind || kind === 'any').map(([name]) => name)) }

  /** A literal without variables. */
  private plain(kind: Kind): string {
    switch (kind) {
      case 'text': return this.pick(TEXTS)
      case 'number': return this.pick(NUMBERS)
      case 'truth': return this.pick(['true', 'false', 'True', 'none', '0', "'x'"])
      case 'numbers': return `[${this.several(0, 4, () => this.pick(NUMBERS))}]`
      case 'words': return `[${this.several(0, 4, () => this.pick(TEXTS))}]`
      case 'dict': return `{${this.several(0, 3, () => `${this.pick(FIELD)}: ${this.pick(NUMBERS)}`)}}`
      case 'records': return `[${this.several(0, 4, () => `{'a': ${this.pick(['1', '2', '3'])}, 'b': ${this.pick(["'x'", "'Y'", "'y'"])}${this.chance(0.5) ? `, 'c': ${this.pick(NUMBERS)}` : ''}}`)}]`
      case 'any': return this.plain(this.pick(['text', 'number', 'truth', 'numbers', 'words', 'dict', 'records']))
    }
  }

  expression(kind: Kind, depth: number): string {
    if (depth <= 0) return this.chance(0.6) ? this.variable(kind) : this.plain(kind)
    const of = (other: Kind, less = 1): string => this.expression(other, depth - less)
    if (this.chance(0.06)) return `(${of(kind)} if ${of('truth')} else ${of(kind)})`
    switch (kind) {
      case 'text': return this.text(of)
      case 'number': return this.number(of)
      case 'truth': return this.truth(of)
      case 'numbers': return this.numbers(of)
      case 'words': return this.words(of)
      case 'dict': return this.pick([() => this.variable('dict'), () => `{${this.several(0, 3, () => `${this.pick(FIELD)}: ${of('number')}`)}}`, () => `dict(${this.variable('dict')}, ${this.pick(['x', 'a'])}=${of('number')})`, () => `${this.variable('dict')}.copy()`, () => `dict(${this.variable('dict')}.items())`, () => `dict.fromkeys(${of('words')}, ${of('number')})`, () => `dict([('a', ${of('number')}), ['b', 2]])`])()
      case 'records': return this.pick([() => this.variable('records'), () => this.plain('records'), () => `(${of('records')}|sort(attribute=${this.pick(["'a'", "'b'", "'a,b'", "'b,a'"])}${this.pick(['', ', reverse=true', ', case_sensitive=true'])}))`, () => `(${of('records')}|${this.pick(['selectattr', 'rejectattr'])}(${this.pick(["'a'", "'a', 'gt', 1", "'b', 'eq', 'x'", "'c', 'defined'", "'a', 'in', [1, 3]"])})|list)`, () => `(${of('records')}|unique(attribute=${this.pick(["'a'", "'b'"])})|list)`])()
      case 'any': return of(this.pick(['text', 'number', 'truth', 'numbers', 'words', 'dict', 'records']), 0)
    }
  }

  private text(of: (kind: Kind) => string): string {
    const s = (): string => `(${of('text')})`
    switch (this.below(19)) {
      case 0: return `${s()} ~ ${of('any')}`
      case 1: return `${s()} + ${of('text')}`
      case 2: return `${s()} * ${this.pick(['0', '1', '2', '-1'])}`
      case 3: return `${s()}.${this.pick(['upper()', 'lower()', 'strip()', 'title()', 'capitalize()', 'swapcase()', 'casefold()', 'expandtabs(4)', "replace('a', 'X')", "replace('', '.', 3)", "lstrip('a ')", "rstrip('c')", "zfill(6)", "center(9, '*')", 'rjust(7)', "ljust(5, '.')", "removeprefix('a')", "removesuffix('c')", "partition(' ')|string", "rpartition(',')[0]", "encode('utf-8')|string|length|string", "translate({97: 'Z', 98: none})"])}`
      case 4: return `${s()}[${this.slice()}]`
      case 5: return `(${of('text')}|${this.pick(['upper', 'lower', 'title', 'capitalize', 'trim', "trim('a')", "replace('a', 'bb')", "replace('a', 'bb', 1)", 'reverse', 'string', 'e', 'forceescape|string', 'striptags', 'indent', 'indent(2, true)', "indent('> ', blank=true)", 'truncate(4, true, leeway=0)', "truncate(7, end='~', leeway=0)", 'wordwrap(3)', 'wordwrap(5, false)', 'center(11)', 'urlencode', "default('z')", 'urlize', 'pprint', 'tojson'])})`
      case 6: return `(${of(this.pick(['words', 'numbers']))}|join${this.pick(['', "(', ')", "('')"])})`
      case 7: return `${s()}.join(${of('words')})`
      case 8: return `(${of('any')}|string)`
      case 9: return `(${this.pick(["'%s|%r' % (A, B)", "'%5s|%-5s|' % (A, B)", "'%.3s' % (A,)", "'%(a)s %(b)r' % {'a': A, 'b': B}", "'%%%s' % A"]).replace('A', of('text')).replace('B', of('any'))})`
      case 10: return `(${this.pick(["'%d' % (A,)", "'%5.2f|%-8d|' % (A, B)", "'%+d %05d' % (A, B)", "'%x %X %o' % (A|int, B|int, 8)", "'%e|%g|%G' % (A, B, A)", "'%08.3f' % A", "'%#x' % (A|int)", "'% d' % A", "'%s' % A", "'%i%%' % A", "'%.0f|%.10g' % (A, B)", "'%c%c' % (65, 'z')"]).replaceAll('A', of('number')).replaceAll('B', of('number'))})`
      case 11: return this.pick(["'{} {}'.format(A, B)", "'{1}{0!r}'.format(A, B)", "'{:>8}|{:<6}|'.format(A, B)", "'{:^9}'.format(A)", "'{a}{b}'.format(a=A, b=B)", "'{:*^10}'.format(A)", "'{0[0]}'.format('q' ~ A)", "'{{}}{}'.format(A)", "'{!s:.2}'.format(A)"]).replace('A', of('text')).replace('B', of('text'))
      case 12: return this.pick(["'{:,}'.format(A)", "'{:08.3f}'.format(A)", "'{:+.2e}'.format(A)", "'{:.3g}'.format(A)", "'{:>10}'.format(A)", "'{:.1%}'.format(A)", "'{:x}|{:b}|{:o}'.format(A|int, A|int, A|int)", "'{:#x}'.format(A|int)", "'{:_}'.format(A|int)", "'{:=+8}'.format(A)", "'{: d}'.format(A|int)", "'{:{}.{}f}'.format(A, 9, 2)", "'{:n}'.format(A|int)"]).replaceAll('A', of('number'))
      case 13: return `${this.pick(["'%s=%s'", "'{}'"])}|format(${of('any')}, ${of('any')})`
      case 14: return `(${of('records')}|join(',', attribute='b'))`
      case 15: return this.pick([`modules.datetime.datetime(2024, 2, ${1 + this.below(29)}, ${this.below(24)}, 5)`, `modules.datetime.date(2023, ${1 + this.below(12)}, 28)`, `(modules.datetime.datetime(2020, 1, 31) + modules.datetime.timedelta(days=${this.below(900)}, hours=-${this.below(50)}))`, `modules.datetime.datetime.strptime('2021-0${1 + this.below(9)}-11', '%Y-%m-%d')`]) + this.pick(["|string", ".isoformat()", ".strftime('%Y/%m/%d %j %a')", ".strftime('%d.%m.%y %H:%M %A %b')", '.replace(year=2000)|string', '.year|string', '.weekday()|string', '.isocalendar()|string'])
      case 16: return `modules.re.${this.pick(["sub('[a-c]+', '<\\\\\\\\g<0>>', A)", "sub('(\\\\\\\\w)(\\\\\\\\W)', '\\\\\\\\2\\\\\\\\1', A)", "findall('[^ ,]+', A)|string", "split('[, ]', A)|string", "match('(?P<x>.)(.*)', A ~ 'q').groups()|string", "search('o|b|$', A).span()|string", "escape(A)", "subn('a', 'b', A)|string"]).replaceAll('\\\\\\\\', '\\\\').replace('A', of('text'))}`
      case 17: return this.chance(0.5) ? `(modules.itertools.${this.pick(['chain(A, B)', 'islice(A, 1, none)', 'product(A, [1, 2])', 'permutations([1, 2, 3], 2)', 'combinations(A, 2)', 'zip_longest(A, B)', 'accumulate([1, 2, 3])', "repeat('x', 3)", 'compress(A, [1, 0, 1])', 'starmap(range, [(1,), (2, 3)])']).replace('A', of('words')).replace('B', of('numbers'))}|list|string)` : `(${of('dict')}|dictsort(${this.pick(['', 'true', "by='value'", 'reverse=true'])})|string)`
      default: return this.loops > 0 && this.chance(0.5) ? `loop.${this.pick(['index', 'first', 'last', 'length', 'revindex', 'depth0', "cycle('o', 'e')"])}|string` : this.variable('text')
    }
  }

  private number(of: (kind: Kind) => string): string {
    switch (this.below(14)) {
      case 0: case 1: return `(${of('number')} ${this.pick(['+', '-', '*', '+', '-', '*', '/', '//', '%'])} ${of('number')})`
      case 2: return `(${of(this.pick(['text', 'numbers', 'words', 'dict', 'records']))}|${this.pick(['length', 'count'])})`
      case 3: return `(${of('numbers')}|${this.pick(['sum', 'sum(start=1)', 'first|default(0)', 'last|default(1)', 'min|default(2, true)', 'max|default(3, true)'])})`
      case 4: return `(${of('text')}).${this.pick(["count('a')", "find('b')", "rfind(' ')", "find('a', 1)", "count('', 1, -1)"])}`
      case 5: return `(${of('number')}|${this.pick(['abs', 'round', 'round(1)', "round(1, 'floor')", "round(0, 'ceil')", 'int', 'float', 'round(-1)'])})`
      case 6: return `(${of('text')}|${this.pick(['int', 'float', 'int(-1)', 'int(base=16)', 'wordcount', 'length'])})`
      case 7: return `(${of('dict')}.get(${this.pick(FIELD)}, ${of('number')}))`
      case 8: return `(${of('dict')}.values()|sum)`
      case 9: return `(${of('records')}|sum(attribute='a'))`
      case 10: return `(${this.pick(['-', '+', '- -'])}${of('number')})`
      case 11: return `((${of('number')}|int % 9) ** ${this.pick(['2', '3', '0', '0.5'])})`
      case 12: return `(${of('numbers')}[${this.pick(['0', '-1', '1'])}]|default(${this.plain('number')}))`
      default: return this.loops > 0 ? this.pick(['loop.index', 'loop.index0', 'loop.length', 'loop.revindex0']) : this.variable('number')
    }
  }

  private truth(of: (kind: Kind) => string): string {
    const compared = this.pick<Kind>(['number', 'text', 'numbers', 'words'])
    const op = (): string => this.pick(['<', '<=', '>', '>=', '==', '!='])
    switch (this.below(9)) {
      case 0: return `(${of(compared)} ${op()} ${of(compared)})`
      case 1: return `(${of('number')} ${op()} ${of('number')} ${op()} ${of('number')})`
      case 2: return `(${of('text')} ${this.pick(['in', 'not in'])} ${of(this.pick(['text', 'words', 'dict']))})`
      case 3: return `(${of('any')} ${this.pick(['==', '!=', 'in'])} [${of('any')}, ${of('number')}])`
      case 4: return `(${of('any')} is ${this.pick(['', 'not '])}${this.pick(['defined', 'none', 'string', 'number', 'mapping', 'sequence', 'iterable', 'boolean', 'integer', 'float', 'true', 'callable', 'sameas(none)', 'undefined', 'escaped'])})`
      case 5: return `(${of('number')}|int is ${this.pick(['odd', 'even', 'divisibleby 3', 'divisibleby(2)', 'gt 1', 'in [1, 2]', 'ne(2)'])})`
      case 6: return `(${of('truth')} ${this.pick(['and', 'or'])} ${this.pick(['', 'not '])}${of('truth')})`
      case 7: return `not ${of('any')}`
      default: return `(${of('text')}.${this.pick(['isdigit()', 'isalpha()', 'isupper()', 'islower()', 'istitle()', 'isspace()', "startswith('a')", "endswith(('c', ' '))", 'isalnum()', 'isidentifier()'])})`
    }
  }

  private numbers(of: (kind: Kind) => string): string {
    switch (this.below(10)) {
      case 0: return `[${this.several(0, 3, () => of('number'))}]`
      case 1: return `range(${this.pick(['3', '1, 6, 2', '5, 0, -2', '0'])})|list`
      case 2: return `(${of('numbers')} + ${of('numbers')})`
      case 3: return `(${of('numbers')})[${this.slice()}]`
      case 4: return `(${of('numbers')}|${this.pick(['sort', 'sort(reverse=true)', 'reverse|list', 'unique|list', "map('abs')|list", "map('float')|list", "map('round', 1)|list", "select('gt', 1)|list", "reject('lt', 2)|list", "select|list", "map('multiply')|list" , 'batch(2)|first|default([])', 'slice(2)|last', "map('default', 3)|list"].filter(each => !each.includes('multiply')))})`
      case 5: return `(${of('numbers')} * ${this.pick(['0', '2'])})`
      case 6: return `(${of('dict')}.values()|list)`
      case 7: return `(${of('records')}|map(attribute=${this.pick(["'a'", "'c', default=0"])})|list)`
      case 8: return `${this.variable('numbers')}.copy()`
      default: return this.variable('numbers')
    }
  }

  private words(of: (kind: Kind) => string): string {
    switch (this.below(9)) {
      case 0: return `[${this.several(0, 3, () => of('text'))}]`
      case 1: return `(${of('text')}).${this.pick(['split()', "split(',')", "rsplit(' ', 1)", 'splitlines()', 'splitlines(true)', "split(none, 1)"])}`
      case 2: return `(${of('words')}|map(${this.pick(["'upper'", "'replace', 'a', 'b'", "'string'", "'length'", "'trim'", "'default', 'q'", "'center', 5"])})|map('string')|list)`
      case 3: return `(${of(this.pick(['dict', 'text']))}|list)`
      case 4: return `(${of('words')}|${this.pick(['sort', 'sort(case_sensitive=true)', 'unique|list', 'unique(true)|list', 'reverse|list', "select('in', 'abc')|list", "reject('eq', 'a')|list", 'sort(reverse=true)'])})`
      case 5: return `(${of('words')})[${this.slice()}]`
      case 6: return `(${of('words')} + ${of('words')})`
      case 7: return `(${of('records')}|map(attribute='b')|list)`
      default: return this.variable('words')
    }
  }

  private slice(): string { return this.pick(['1:', ':-1', '::2', '::-1', '-3:', '1:3', ':', '5:1:-1', '-1:-4:-2', ':0', '2::-1', '-100:100', '::-3', 'none:2', 'n|int:', ':k|int']) }

  private statements(count: number): string { return Array.from({ length: count }, () => this.statement()).join('') }

  private statement(): string {
    if (this.depth > 3) return this.output(1)
    this.depth++
    try {
      return this.one()
    } finally {
      this.depth--
    }
  }

  private open(): string { return this.pick(['{% ', '{% ', '{% ', '{%- ', '{%+ ']) }
  private close(): string { return this.pick([' %}', ' %}', ' %}', ' -%}', ' +%}', ' %}\n', ' %}\n  ', ' -%}\n\n']) }
  private block(text: string): string { return `${this.open()}${text}${this.close()}` }
  private output(depth: number): string { return `${this.pick(['{{ ', '{{ ', '{{- ', '{{+ '.replace('+ ', ' ')])}${this.expression('any', depth)}${this.pick([' }}', ' }}', ' -}}', ' }}\n'])}` }

  private one(): string {
    const body = (): string => this.statements(1 + this.below(2))
    const kind = this.pick<Kind>(['text', 'number', 'numbers', 'words', 'dict', 'truth'])
    switch (this.below(17)) {
      case 0: return this.pick(['text ', '\n', ' - ', 'select 1\n', '{# note #}', '{#- note -#} ', '{%- raw %} {{ x }} {% endraw -%} \n', "{{ '{{' }}"])
      case 1: case 2: case 3: return this.output(3)
      case 4: case 5: return this.block(`set ${this.variable(kind)} = ${this.expression(kind, 2)}`)
      case 6: return `${this.block(`set ${this.variable('text')}${this.pick(['', '', ' | upper', " | replace('a', 'b') | trim"])}`)}${body()}${this.block('endset')}`
      case 7: return `${this.block(`if ${this.expression('truth', 2)}`)}${body()}${this.chance(0.3) ? this.block(`elif ${this.expression('truth', 1)}`) + body() : ''}${this.chance(0.5) ? this.block('else') + body() : ''}${this.block('endif')}`
      case 8: case 9: return this.loop(body)
      case 10: return this.macro(body)
      case 11: return this.callBlock(body)
      case 12: return `${this.block(`set ns = namespace(x=${this.expression('number', 1)}, y=[])`)}${this.block(`for i in ${this.expression('numbers', 1)}`)}${this.block(this.pick(['set ns.x = ns.x + i', 'set ns.x = ns.x ~ i', 'set ns.x, ns.y = i, ns.x', 'do ns.y.append(i)', 'set ns.z = loop.index']))}${this.block('endfor')}{{ ns.x }}{{ ns.y }}{{ ns.z }}`
      case 13: return this.block(`do ${this.pick([`l.${this.pick(['append(1)', 'extend([2, 3])', 'insert(0, 5)', 'insert(-1, 4)', 'reverse()', 'clear()', 'sort()', 'sort(reverse=true)', 'copy()'])}`, `d.${this.pick(["update({'a': 4})", "update(b=2)", "setdefault('a', 9)", "pop('a', none)", 'clear()', "update([('c', 1)])"])}`, `w.${this.pick(["append('q')", "extend('xy')", 'reverse()'])}`])}`)
      case 14: return `${this.block(`with ${this.pick(['s', 'q'])} = ${this.expression('text', 1)}, z = ${this.expression('number', 1)}`)}${body()}{{ z }}${this.block('endwith')}`
      case 15: return `${this.block(`filter ${this.pick(['upper', "replace('a', 'b')", 'trim', 'indent(2)', 'title', 'e', 'length', "center(20)|upper"])}`)}${body()}${this.block('endfilter')}`
      default: return this.pick(['{{ nothing }}', '{{ nothing.more }}', "{{ d.nothing }}", "{{ l[99] }}", "{{ d['zz'].x }}", "{{ nothing|default('D') }}", '{{ nothing is defined }}', '{% for q in nothing %}x{% else %}none{% endfor %}', "{{ nothing ~ 'a' }}", '{{ nothing|length }}', "{{ nothing == d.nothing }}", '{{ [nothing]|string }}', '{{ 1 + nothing }}', '{{ nothing() }}', '{{ nothing|list }}', '{{ not nothing }}', "{{ nothing in ['a'] }}", '{{ s.nothing is undefined }}', '{{ (1, 2, 3)[5]|default(7) }}', '{{ 1 / 0 }}', "{{ {}['a']['b']|default('x') }}", '{{ [1, 2] < [1, "a"] }}', "{{ 'a' + 1 }}", '{{ s.format() }}', "{% set x, y = [1, 2, 3] %}", "{{ ''|first }}", '{{ l.pop() }}', "{{ l.index(77) }}", '{{ w|map("nofilter")|list }}', "{{ 'a'|int(default=d) }}"])
    }
  }

  private loop(body: () => string): string {
    this.loops++
    const jump = this.chance(0.25) ? this.block(`if ${this.pick(['loop.index > 2', 'i == 1', 'loop.first', 'i', 'loop.index is even'])}`) + this.block(this.pick(['break', 'continue'])) + this.block('endif') : ''
    const inside = this.chance(0.5) ? `{{ ${this.pick(['loop.index', 'loop.last', 'loop.previtem', 'loop.nextitem', 'loop.changed(i)', "loop.cycle('p', 'q', 'r')", 'loop.depth', 'loop.revindex', 'loop.length', 'loop.previtem is defined'])} }}` : ''
    const [target, source] = this.pick<readonly [string, () => string]>([
      ['i', () => this.expression('numbers', 2)], ['i', () => this.expression('words', 2)], ['i', () => this.expression('text', 1)], ['i', () => this.expression('dict', 1)],
      ['i, v', () => `${this.expression('dict', 1)}.items()`], ['i, v', () => `${this.expression('dict', 1)}|dictsort`], ['(i, v), q', () => '[((1, 2), 3), ([4, 5], 6)]'], ['i, (v, q)', () => "[(1, 'ab')]"],
      ['i', () => this.expression('records', 1)], ['i, v', () => `${this.expression('records', 1)}|groupby('a')`], ['i, v', () => `${this.expression('records', 1)}|groupby('c', default=0)|map('list')`], ['i', () => `${this.expression('words', 1)}|batch(2, 'f')`], ['i', () => `${this.expression('numbers', 1)}|slice(2)`], ['i', () => `(${this.expression('numbers', 1)}, ${this.expression('text', 1)})`],
    ])
    const text = this.chance(0.12)
      ? `{% for i in [{'x': 1, 'c': [{'x': 2, 'c': []}, {'x': 3, 'c': [{'x': 4, 'c': []}]}]}] recursive %}{{ i.x }}${this.pick(['{{ loop.depth }}', '{{ loop.index }}', '{{ s }}'])}[{{ loop(i.c) }}]{% else %}-{% endfor %}`
      : `${this.block(`for ${target} in ${source()}${this.chance(0.2) ? ` if ${this.pick(['i', 'i is defined', 'not i', this.expression('truth', 1).replace(/\bloop\.\w+(\([^)]*\))?/g, '1')])}` : ''}`)}${jump}{{ i }}${inside}${body()}${this.chance(0.2) ? this.block('else') + this.statements(1).replace(/\bloop\.\w+/g, '1') : ''}${this.block('endfor')}`
    this.loops--
    return text
  }

  private macro(body: () => string): string {
    const [params, use] = this.pick([['', '{{ varargs }}{{ kwargs }}'], ['p', '{{ p }}{{ varargs }}'], ['p, q=2', '{{ p }}{{ q }}{{ kwargs }}'], ["p=1, q=p", '{{ p ~ q }}'], ['p=s, q=l|length', '{{ p }}{{ q }}'], ['p, q=[]', '{% do q.append(p) %}{{ q }}'], ['s', '{{ s }}{% set s = 1 %}{{ s }}'], ['p=n', '{{ return(p) }}after'], ['p=3', '{% if p is number and p|int > 0 %}{{ p }}{{ dbt_macro__m(0) }}{% endif %}'], ['p, *'.slice(0, 1), '{{ caller is defined }}{{ m is defined }}']] as const)
    const args = this.pick(['', '1', "1, 'z'", 'q=3', 'p=s', '1, 2, 3', 'p=1, r=3', '*l', '**d', '*w, **d', '1, *[2]', "s, q=t", 'l'])
    const inner = this.loops
    this.loops = 0
    const text = `{% macro m(${params}) ${this.pick(['%}', '-%}'])}${use}${body()}${this.pick(['{% endmacro %}', '{%- endmacro %}'])}`
    this.loops = inner
    return `${text}{{ dbt_macro__m(${args})${this.pick(['', '', '|upper', '|length', " ~ 'x'"])} }}`
  }

  private callBlock(body: () => string): string {
    const inner = this.loops
    this.loops = 0
    const text = `{% macro w(p=1) %}<{{ caller(${this.pick(['', 'p', '1, 2', 'v=p'])}) }}|{{ caller(${this.pick(['', 'p'])}) }}>${this.pick(['', '{{ caller.name }}{{ caller.arguments }}', '{% for i in [1, 2] %}{{ caller() }}{% endfor %}'])}{% endmacro %}{% call${this.pick(['', '(v=0)', '(v=0, u=3)', '(v)'])} dbt_macro__w(${this.pick(['', '5', 's'])}) %}${this.pick(['', '{{ v }}', '{{ v }}{{ u }}', '{{ varargs }}'])}${body()}{% endcall %}`
    this.loops = inner
    return text
  }
}
