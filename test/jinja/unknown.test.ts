// What only a warehouse can say: it spreads, branches on it are explored, and nothing is guessed.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { render } from '../../server/jinja/evaluate.ts'
import { PyFileMacro } from '../../server/jinja/file-macro.ts'
import { MacroReturn, PyException } from '../../server/jinja/errors.ts'
import { parseTemplate } from '../../server/jinja/parse.ts'
import { strOf } from '../../server/jinja/repr.ts'
import { PyFunction, PyUnknown } from '../../server/jinja/value.ts'
import type { Value } from '../../server/jinja/value.ts'

/** The text with `?` for unknown pieces, then the refs: `name`, or `(name)` when it is not certain, `?` when its name is unknown. */
function seen(text: string, macros: Readonly<Record<string, string>> = {}): string {
  const refs: string[] = []
  const values = new Map<string, Value>([
    ['q', new PyFunction('q', (_args, context) => new PyUnknown({ code: 'run-query', message: 'a query', stack: context.stack }))],
    ['ref', new PyFunction('ref', ({ args }, context) => {
      const [name = null] = args
      const shown = typeof name === 'object' && name?.unknown ? '?' : strOf(name)
      refs.push(context.certain ? shown : `(${shown})`)
      return `<${shown}>`
    })],
    ['return', new PyFunction('return', ({ args }) => { throw new MacroReturn(args[0] ?? null) })],
    ['z', new PyFunction('z', () => { throw new PyException('TypeError', 'not of this type') })],
    ['fail', new PyFunction('fail', () => { throw new MacroReturn('never') })],
  ])
  const lookup = (name: string): Value | undefined => values.get(name)
  for (const [name, body] of Object.entries(macros)) {
    values.set(name, new PyFileMacro({ template: parseTemplate(`{% macro ${name} %}${body}{% endmacro %}`.replace(`macro ${name} %}`, `macro ${name}(a=none) %}`)), variable: `dbt_macro__${name}`, source: { path: `${name}.sql`, offset: 0, inMacro: name, at: null, lineOf: () => 1 } }, lookup))
  }
  const result = render(parseTemplate(text), { path: 'm.sql', text }, lookup, { undefined: 'run' })
  if (result.kind === 'error') return `${result.errorClass}: ${result.message}`
  return [result.pieces.map(piece => piece.unknown ? '?' : piece.text).join(''), ...new Set(refs)].join(' ')
}

const unknown = suite('unknown')
const CASES: readonly [string, string, Readonly<Record<string, string>>?][] = [
  ['a{{ q() }}b', 'a?b'],
  ['{{ q().x[1] + 1 }}{{ q()|upper }}{{ q() ~ 1 }}{{ q() == 1 }}{{ not q() }}{{ q() is none }}{{ -q() }}', '???????'],
  ["{{ [q()] }}{{ [1, q()]|length }}{{ {'a': q()}.a }}{{ [1, q()][0] }}{{ [q()]|join }}{{ 1 in [q(), 1] }}{{ 2 in [q()] }}", '?2?1?True?'],
  ["{% if q() %}{{ ref('a') }}{% else %}{{ ref('b') }}{% endif %}", '? (a) (b)'],
  ["{% if q() %}{{ ref('a') }}{% endif %}{{ ref('c') }}", '?<c> (a) c'],
  ['{% if q() %}x{% else %}x{% endif %}', 'x'],
  ['{% set v = 1 %}{% if q() %}{% set v = 2 %}{% endif %}{{ v }}', '?'],
  ['{% set v = 1 %}{% if q() %}{% set v = 1 %}{% endif %}{{ v }}', '1'],
  ['{% set l = [1] %}{% if q() %}{% do l.append(2) %}{{ l|length }}{% endif %}{{ l }}', '??'],
  ['{% set l = [1] %}{% if q() %}{{ l|length }}{% endif %}{{ l }}', '?[1]'],
  ["{% set ns = namespace(a=1, b=2) %}{% if q() %}{% set ns.a = 5 %}{{ ref('r' ~ ns.a) }}{% endif %}{{ ns.a }}{{ ns.b }}", '??2 (r5)'],
  ["{% set l = [] %}{% for r in q() %}{% do l.append(r) %}{{ ref(r) }}{% endfor %}{{ l }}{{ ref('z') }}", '??<z> (?) z'],
  ["{% set ns = namespace(f=false) %}{% for r in q() %}{% if ns.f %}{{ ref('b') }}{% endif %}{% set ns.f = true %}{% endfor %}", '? (b)'],
  ["{{ ref('a') if q() else ref('b') }}", '? (a) (b)'],
  ["{{ q() and ref('a') }}{{ 1 or ref('n') }}", '?1 (a)'],
  ["{% for i in [1, 2] %}{% if q() %}{% break %}{% endif %}{{ i }}{% endfor %}{{ ref('a') }}", '??<a> a'],
  ['{{ m() }}', 'x?y'.replace('x?y', '?'), { m: 'x{{ q() }}y' }],
  ['{{ m() }}', 'ok', { m: "{% if q() %}{{ return('ok') }}{% else %}{{ return('ok') }}{% endif %}" }],
  ["{{ m() }}{{ ref('after') }}", '?<after> (late) after', { m: "{% if q() %}{{ return('x') }}{% endif %}{{ ref('late') }}{{ return('y') }}" }],
  ["{% for k in [1] %}{{ m() }}{% endfor %}{{ ref('after') }}", '?<after> after', { m: "{% for i in [1, 2] %}{% if q() %}{{ return(i) }}{% endif %}{% endfor %}{{ return(3) }}" }],
  ["a{{ m(q()) }}b", 'a?', { m: '{% for each in a %}{{ m(each) }}{% endfor %}' }],
  ["a{{ m(q()) }}b", 'a?', { m: '{% if a is mapping %}{{ m(a.b) }}{% elif a is iterable %}{% for each in a %}{{ m(each) }}{% endfor %}{% endif %}' }],
  ['{% set a, b = q() %}{{ a }}{{ b }}', '??'],
  ['{% set x %}a{{ q() }}{% endset %}{{ x }}{{ x|length }}', '??'],
  ["{% set r = q() %}{% do r.append(1) %}{% set l = [1] %}{% do r.f(l) %}{{ l }}", '?'],
  ["{% if q() %}{{ 1/0 }}{% endif %}ok", 'ok'],
  ["{% if q() %}{{ 1/0 }}{% else %}{{ 1/0 }}{% endif %}", 'ZeroDivisionError: division by zero'],
  // What Python would say of the argument's type says nothing here.
  ["{{ z(q()) }}{{ 'a'|replace(q(), 'b') }}{{ 'a'.center(q()) }}{{ 'a'.z(q()) if false else 1 }}", '???1'],
  ['{{ [3, q()]|sort }}{{ [q()]|map("upper")|list|length }}{{ range(q()) }}', '?1?'],
]
for (const [text, expected, macros] of CASES) unknown(text, () => { assert.is(seen(text, macros), expected) })
unknown.run()

const places = suite('places')
places('an error in a macro names the macro and the call', () => {
  const body = '{% macro m(a) %}x{{ a.b.c }}{% endmacro %}'
  const macro = new PyFileMacro({ template: parseTemplate(body), variable: 'dbt_macro__m', source: { path: 'macros/m.sql', offset: 100, inMacro: 'macro.p.m', at: null, lineOf: () => 1 } }, () => undefined)
  const text = 'select {{ m(1) }}'
  const result = render(parseTemplate(text), { path: 'models/a.sql', offset: 10 }, name => name === 'm' ? macro : undefined, { undefined: 'run' })
  assert.is(result.kind, 'error')
  if (result.kind !== 'error') return
  assert.is(result.message, "'int object' has no attribute 'b'")
  assert.equal(result.stack[0], { path: 'macros/m.sql', start: 100 + body.indexOf('a.b.c'), end: 100 + body.indexOf('a.b.c') + 5, inMacro: 'macro.p.m' })
  assert.equal(result.stack.at(-1), { path: 'models/a.sql', start: 20, end: 24, inMacro: null })
})
places('pieces cover the text', () => {
  const text = 'a{{ 1 }}b{% for i in [1, 2] %}{{ i }};{% endfor %}'
  const result = render(parseTemplate(text), { path: 'm.sql' }, () => undefined, { undefined: 'run' })
  assert.is(result.kind, 'ok')
  if (result.kind === 'ok') assert.is(result.pieces.map(piece => piece.text).join(''), result.text)
})
places.run()
