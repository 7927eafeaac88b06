// Random programs from a grammar of dbt's Jinja, the same ones for the same seed. They are meant to be mostly valid, and to fail in Python's ways.

import type { Case } from './evaluated.ts'
import { randomFrom } from './random.ts'

export function generate(seed: number, count: number): Case[] {
  const random = randomFrom(seed)
  return Array.from({ length: count }, (_, i) => {
    const maker = new Maker(random)
    const mode = i % 7 === 6 ? 'parse' : i % 11 === 10 ? 'native' : 'run'
    return [mode, mode === 'native' && random() < 0.5 ? `{{ ${maker.expression(3)} }}` : maker.template()] as const
  })
}

const STRINGS = ["''", "'a'", "'b c'", "'Hello World'", "'a,b,,c'", "'12'", "'3.5'", "'é😀x'", '"it\'s"', "'<b>&'", "'  pad '", "'x-y z'", "'%s'", "'%d|%5.2f'", "'{}-{0}'", "'{}'", "'a\\nb'", "'ABC'", "'1e3'"]
const NUMBERS = ['0', '1', '2', '3', '7', '-1', '10', '255', '1.5', '0.1', '-2.25', '1e16', '2.5', '100000000000000000000', '3.0']
const NAMES = ['a', 'b', 'c', 'x', 'items', 'd', 'missing']
const FILTERS = ['upper', 'lower', 'title', 'capitalize', 'trim', 'length', 'list', 'first', 'last', 'reverse', 'sort', 'unique', 'join', "join(',')", 'int', 'float', 'abs', 'round', 'round(1)', 'string', 'default', "default('z')", "default('z', true)", "replace('a','b')", 'sum', 'min', 'max', 'tojson', 'e', 'safe', 'wordcount', 'batch(2)', 'batch(2, 0)', 'slice(2)', 'slice(3, none)', 'dictsort', 'items', 'count', 'indent', "indent(2, true)", 'truncate(5)', 'truncate(3, true)', 'center(9)', 'filesizeformat', 'pprint', 'urlencode', 'striptags', 'wordwrap(4)', "map('upper')", "map('int')", 'map(attribute=0)', 'select', 'reject', "select('odd')", "reject('none')", "selectattr('a')", "groupby(0)", "attr('upper')", "format(1)", "format(1, 2)", 'xmlattr', 'is_list', 'as_bool', 'forceescape', "sort(reverse=true)", "sort(attribute='0')", "trim('a')", 'urlize', 'as_number', 'd(1)', "join('-', attribute='a')"]
const TESTS = ['defined', 'undefined', 'none', 'boolean', 'true', 'false', 'integer', 'float', 'number', 'string', 'mapping', 'sequence', 'iterable', 'callable', 'odd', 'even', 'divisibleby(2)', 'lower', 'upper', 'in([1, 2])', "eq('a')", 'gt(1)', 'lt(2)', 'escaped', 'sameas(none)', "filter", 'test', "in('abc')"]
const METHODS = ['upper()', 'lower()', 'strip()', "split(',')", 'split()', "replace('a', 'X')", "startswith('a')", "endswith('c')", "find('b')", 'title()', 'capitalize()', 'swapcase()', 'isdigit()', 'isalpha()', "join(['p', 'q'])", "join(items)", "format(1, 'z')", 'zfill(5)', "ljust(6, '.')", 'rjust(6)', 'center(7)', "partition(' ')", "rpartition(',')", "count('a')", "index('a')", 'splitlines()', "append(1)", "extend([1, 2])", 'pop()', 'pop(0)', "insert(0, 'n')", "remove(1)", 'reverse()', 'sort()', 'copy()', 'clear()', "index(1)", "count(1)", "get('a')", "get('q', 5)", 'items()', 'keys()', 'values()', "update({'u': 1})", "setdefault('s', 2)", "pop('a')", "pop('zz', 0)", 'lstrip()', "rsplit(' ', 1)", "removeprefix('a')", 'foo', 'foo()', 'bar.baz', 'expandtabs()', 'casefold()', 'isupper()', '__class__', 'is_integer()', 'bit_length()']
const BINARY = ['+', '-', '*', '/', '//', '%', '~', 'and', 'or', '==', '!=', '<', '<=', '>', '>=', 'in', 'not in']

class Maker {
  private readonly random: () => number
  private depth = 0
  constructor(random: () => number) { this.random = random }

  template(): string {
    const setup = this.random() < 0.7 ? `{% set a = ${this.literal(2)} %}{% set items = ${this.list(1)} %}{% set d = ${this.dict(1)} %}` : ''
    return setup + this.statements(1 + Math.floor(this.random() * 4))
  }

  private pick<T>(from: readonly T[]): T { return from[Math.floor(this.random() * from.length)] as T }

  private statements(count: number): string { return Array.from({ length: count }, () => this.statement()).join('') }

  private statement(): string {
    if (this.depth > 3) return this.pick(['t', ' ', '\n', `{{ ${this.expression(1)} }}`])
    this.depth++
    try {
      return this.one()
    } finally {
      this.depth--
    }
  }

  private one(): string {
    const body = (): string => this.statements(1 + Math.floor(this.random() * 2))
    switch (Math.floor(this.random() * 22)) {
      case 0: case 1: return this.pick(['text ', '\n', ' - ', 'select 1\n', '{# note #}', '{%- raw %}{{ x }}{% endraw -%} '])
      case 2: case 3: case 4: case 5: case 6: case 7: return `${this.pick(['{{ ', '{{ ', '{{- '])}${this.expression(3)}${this.pick([' }}', ' }}', ' -}}'])}`
      case 8: case 9: return `{% set ${this.target()} = ${this.expression(2)} %}`
      case 10: return `{% set ${this.pick(NAMES)}${this.random() < 0.3 ? ` | ${this.pick(FILTERS)}` : ''} %}${body()}{% endset %}`
      case 11: case 12: return `{% if ${this.expression(2)} %}${body()}${this.random() < 0.3 ? `{% elif ${this.expression(1)} %}${body()}` : ''}${this.random() < 0.5 ? `{% else %}${body()}` : ''}{% endif %}`
      case 13: case 14: case 15: return this.loop(body)
      case 16: return this.macro(body)
      case 17: return `{% with ${this.pick(NAMES)} = ${this.expression(1)} %}${body()}{% endwith %}`
      case 18: return `{% do ${this.pick(['items', 'd', 'a', 'x'])}.${this.pick(METHODS)} %}`
      case 19: return `{% filter ${this.pick(FILTERS)} %}${body()}{% endfilter %}`
      case 20: return `{% set ns = namespace(n=${this.expression(1)}) %}{% for i in ${this.iterable()} %}{% set ns.n = ${this.pick(['i', 'ns.n ~ i', 'ns.n + 1', 'loop.index'])} %}{% endfor %}{{ ns.n }}`
      default: return this.call(body)
    }
  }

  private target(): string {
    return this.random() < 0.8 ? this.pick(NAMES) : `${this.pick(NAMES)}, ${this.pick(NAMES)}`
  }

  private loop(body: () => string): string {
    const inside = this.random() < 0.5 ? `{{ ${this.pick(['loop.index', 'loop.index0', 'loop.first', 'loop.last', 'loop.length', 'loop.revindex', 'loop.revindex0', "loop.cycle('p', 'q')", 'loop.previtem', 'loop.nextitem', 'loop.changed(i)', 'loop.depth'])} }}` : ''
    const jump = this.random() < 0.15 ? `{% if ${this.pick(['i == 2', 'loop.index > 1', 'i'])} %}{% ${this.pick(['break', 'continue'])} %}{% endif %}` : ''
    const pair = this.random() < 0.2
    const source = pair ? this.pick(['d.items()', '[[1, 2], [3, 4]]', 'd|dictsort', 'd|items', this.expression(1)]) : this.iterable()
    return `{% for ${pair ? 'i, c' : 'i'} in ${source}${this.random() < 0.15 ? ` if ${this.expression(1)}` : ''} %}${jump}{{ i }}${inside}${body()}${this.random() < 0.2 ? `{% else %}${body()}` : ''}{% endfor %}`
  }

  private macro(body: () => string): string {
    const name = this.pick(['m', 'n'])
    const params = this.pick(['', 'p', 'p, q=2', 'p=1, q=[]', 'p, q=p'])
    const args = this.pick(['', '1', "1, 'z'", "q=3", 'p=a', '1, 2, 3', 'p=1, q=2, r=3', '*items', '**d'])
    const use = this.pick(['{{ p }}', '{{ q }}', '{{ varargs }}', '{{ kwargs }}', '{{ p }}{{ q }}', '{{ p ~ q }}', '{{ caller }}'])
    return `{% macro ${name}(${params}) %}${use}${body()}{% endmacro %}{{ dbt_macro__${name}(${args}) }}`
  }

  private call(body: () => string): string {
    return `{% macro w(p=1) %}<{{ caller(${this.pick(['', 'p', '1, 2'])}) }}>{% endmacro %}{% call${this.pick(['', '(v)', '(v, u=3)'])} dbt_macro__w(${this.pick(['', '5'])}) %}${this.pick(['', '{{ v }}', '{{ v }}{{ u }}'])}${body()}{% endcall %}`
  }

  private iterable(): string {
    return this.pick(['items', 'd', 'range(3)', 'range(1, 6, 2)', "'ab'", this.list(2), 'd.items()', 'd.values()', 'x', 'a', 'items|reverse', "items|map('string')", 'items|batch(2)', 'items[1:]', this.expression(1)])
  }

  expression(depth: number): string {
    if (depth <= 0) return this.atom()
    switch (Math.floor(this.random() * 17)) {
      case 0: case 1: case 2: return this.atom()
      case 3: case 4: case 5: {
        // A large exponent keeps Python itself busy for minutes, while it compiles.
        if (this.random() < 0.05) return `(${this.pick(STRINGS.concat(NUMBERS))} ** ${this.pick(['0', '2', '3', '-1', '-2', '0.5', "'a'"])})`
        const text = `${this.expression(depth - 1)} ${this.pick(BINARY)} ${this.expression(depth - 1)}`; return this.random() < 0.5 ? `(${text})` : text
      }
      case 6: case 7: case 8: return `${this.operand(depth)}|${this.pick(FILTERS)}`
      case 9: return `${this.operand(depth)} is ${this.random() < 0.3 ? 'not ' : ''}${this.pick(TESTS)}`
      case 10: case 11: return `${this.operand(depth)}.${this.pick(METHODS)}`
      case 12: return `${this.operand(depth)}[${this.pick(['0', '-1', '1:', ':-1', '::2', '::-1', "'a'", '5', '1:3', this.expression(depth - 1)])}]`
      case 13: return `(${this.expression(depth - 1)} if ${this.expression(depth - 1)}${this.random() < 0.7 ? ` else ${this.expression(depth - 1)}` : ''})`
      case 14: return `${this.pick(['not ', '-', '+'])}${this.expression(depth - 1)}`
      case 15: return this.pick([`range(${this.expression(depth - 1)})`, `dict(a=${this.expression(depth - 1)})`, `dict(${this.expression(depth - 1)})`, `(${this.expression(depth - 1)}, ${this.expression(depth - 1)})`, `[${this.expression(depth - 1)}]`])
      default: return this.literal(depth - 1)
    }
  }

  private operand(depth: number): string {
    return this.random() < 0.6 ? this.atom() : `(${this.expression(depth - 1)})`
  }

  private atom(): string {
    switch (Math.floor(this.random() * 8)) {
      case 0: case 1: return this.pick(STRINGS)
      case 2: case 3: return this.pick(NUMBERS)
      case 4: return this.pick(['true', 'false', 'none', 'True', 'None'])
      case 5: return this.literal(1)
      default: return this.pick(NAMES)
    }
  }

  private literal(depth: number): string {
    if (depth <= 0) return this.pick([...STRINGS, ...NUMBERS])
    return this.pick([() => this.list(depth), () => this.dict(depth), () => this.pick(STRINGS), () => this.pick(NUMBERS), () => `(${this.atomOrLiteral(depth)}, ${this.atomOrLiteral(depth)})`])()
  }

  private atomOrLiteral(depth: number): string { return this.random() < 0.7 ? this.pick([...STRINGS, ...NUMBERS, 'none', 'true']) : this.literal(depth - 1) }

  private list(depth: number): string {
    const kind = this.random()
    const length = Math.floor(this.random() * 4)
    if (kind < 0.35) return `[${Array.from({ length }, () => this.pick(NUMBERS)).join(', ')}]`
    if (kind < 0.6) return `[${Array.from({ length }, () => this.pick(STRINGS)).join(', ')}]`
    return `[${Array.from({ length }, () => this.atomOrLiteral(depth)).join(', ')}]`
  }

  private dict(depth: number): string {
    return `{${Array.from({ length: Math.floor(this.random() * 4) }, () => `${this.pick(["'a'", "'b'", "'k'", '1', '2.0', 'true', "'z'"])}: ${this.atomOrLiteral(depth)}`).join(', ')}}`
  }
}
