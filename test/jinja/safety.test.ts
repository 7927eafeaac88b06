// Templates reach no JavaScript, and end within their budget.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { render } from '../../server/jinja/evaluate.ts'
import type { RenderResult } from '../../server/jinja/evaluate.ts'
import { parseTemplate } from '../../server/jinja/parse.ts'

const run = (text: string): RenderResult => render(parseTemplate(text), { path: 'm.sql', text }, () => undefined, { undefined: 'run' })
const outcome = (text: string): string => {
  const result = run(text)
  return result.kind === 'ok' ? result.text : `${result.errorClass}: ${result.message}`
}

const safety = suite('no way from a template to JavaScript')
const NAMES = ['constructor', '__proto__', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', '__defineGetter__', '__lookupGetter__', 'call', 'apply', 'bind', 'then', 'items_', 'entries', 'unknown', 'invoke', 'typeName', 'getattr', 'text', 'slots']
const OBJECTS = ["''", '1', '1.5', 'true', 'none', '[]', '{}', '(1,)', 'range', 'range(3)', 'dict', 'namespace()', "'a'.upper", "'a'|e", "[1]|map('upper')", '{}.items()', 'missing', "cycler('a')", 'joiner()']
for (const name of NAMES) {
  for (const object of OBJECTS) {
    if (object === '(1,)' && name === 'index') continue
    safety(`(${object}).${name}`, () => {
      for (const text of [`{{ (${object}).${name} is defined }}`, `{{ (${object})['${name}'] is defined }}`, `{{ (${object})|attr('${name}') is defined }}`]) {
        const answer = outcome(text)
        assert.ok(answer === 'False' || answer.includes("'missing' is undefined") || answer.startsWith('TypeError'), `${text} gives ${answer}`)
      }
    })
  }
}
safety('a dict may have such keys, and they are data', () => {
  assert.is(outcome("{% set d = {'__proto__': {'x': 1}, 'constructor': 2, 'toString': 3} %}{{ d.constructor }}{{ d['toString'] }}{{ d['__proto__'].x }}{{ {}.x is defined }}"), '231False')
  assert.is((({}) as Record<string, unknown>)['x'], undefined)
})
safety('nothing is called', () => {
  assert.is(outcome("{{ range.constructor('return process')() }}"), "UndefinedError: 'function object' has no attribute 'constructor'")
  assert.match(outcome("{{ [].constructor.constructor('return 1')() }}"), /UndefinedError/)
})
safety('keyword arguments and namespaces have no prototype', () => {
  assert.is(outcome("{% macro m() %}{{ kwargs }}{% endmacro %}{{ dbt_macro__m(__proto__=1, constructor=2) }}"), "{'__proto__': 1, 'constructor': 2}")
  assert.is(outcome('{% set ns = namespace() %}{% set ns.__proto__ = 1 %}{% set ns.constructor = 2 %}{{ ns.constructor }}'), '2')
})
safety.run()

const budget = suite('budget')
const GREEDY: readonly [string, RegExp][] = [
  ["{{ 'a' * 10**9 }}", /BudgetExceeded/],
  ['{{ [1] * 10**9 }}', /BudgetExceeded/],
  ['{{ range(10**12) }}', /OverflowError: Range too big/],
  ['{% macro a() %}{{ dbt_macro__b() }}{% endmacro %}{% macro b() %}{{ dbt_macro__a() }}{% endmacro %}{{ dbt_macro__a() }}', /RecursionError/],
  ['{% macro a(n) %}{% if n > 0 %}{{ dbt_macro__a(n-1) }}{{ dbt_macro__a(n-1) }}{% endif %}{% endmacro %}{{ dbt_macro__a(60) }}', /BudgetExceeded/],
  ['{% set l = [1] %}{% for i in l %}{% do l.append(1) %}{% endfor %}', /BudgetExceeded/],
  ["{% set n = namespace(s='a') %}{% for i in range(100) %}{% set n.s = n.s + n.s %}{% endfor %}", /BudgetExceeded/],
  ['{% set n = namespace(s=[1]) %}{% for i in range(100) %}{% set n.s = [n.s, n.s] %}{% endfor %}{{ n.s }}', /BudgetExceeded/],
  ['{% set n = namespace(s=(1,)) %}{% for i in range(100) %}{% set n.s = (n.s, n.s) %}{% endfor %}{{ {n.s: 1} }}', /BudgetExceeded/],
  ['{% set n = namespace(s=2) %}{% for i in range(100) %}{% set n.s = n.s * n.s %}{% endfor %}', /BudgetExceeded/],
  ['{{ 2 ** 10 ** 9 }}', /^(?!.*Error)/],
  ['{{ 2 ** (10 ** 9) }}', /BudgetExceeded/],
  ['{% for i in range(100000) %}{% for j in range(100000) %}{{ i }}{% endfor %}{% endfor %}', /BudgetExceeded/],
  ["{{ 'x'.center(10**18) }}{{ 'x'.zfill(10**18) }}", /BudgetExceeded/],
  ["{{ '%999999999d' % 1 }}", /BudgetExceeded/],
  ["{{ ('a' * 1000000).replace('', 'b' * 1000) }}", /BudgetExceeded/],
  ['{% set l = range(100000)|list %}{% for i in range(100000) %}{{ l|string|length }}{% endfor %}', /BudgetExceeded/],
]
for (const [text, expected] of GREEDY) budget(text, () => { assert.match(outcome(text), expected) })
budget('names the macro that spends it', () => {
  const result = run('{% macro a(n) %}{% if n > 0 %}{{ dbt_macro__a(n-1) }}{{ dbt_macro__a(n-1) }}{% endif %}{% endmacro %}{{ dbt_macro__a(60) }}')
  assert.is(result.kind, 'error')
  if (result.kind === 'error') assert.ok(result.stack.length > 1)
})
budget('deep nesting is an error, not a crash', () => {
  assert.match(outcome(`{{ ${'('.repeat(5000)}1${')'.repeat(5000)} }}`), /Error/)
  assert.match(outcome(`{{ ${'not '.repeat(20000)}1 }}`), /Error|True|False/)
  assert.match(outcome(`{{ 1${' + 1'.repeat(20000)} }}`), /Error|^20001$/)
  assert.match(outcome(`${'{% if 1 %}'.repeat(5000)}${'{% endif %}'.repeat(5000)}`), /Error|^$/)
})
budget.run()
