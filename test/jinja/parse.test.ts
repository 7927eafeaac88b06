import { readFileSync, writeFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { literalCalls } from '../../server/jinja/literal.ts'
import type { Template } from '../../server/jinja/nodes.ts'
import { parseTemplate } from '../../server/jinja/parse.ts'
import { printTree } from '../../server/jinja/print.ts'
import { childrenOf } from '../../server/jinja/walk.ts'
import type { Node } from '../../server/jinja/walk.ts'
import { SEPARATOR, goldenFiles, goldenPath } from '../support/golden.ts'

const golden = suite('jinja golden trees')

for (const [name, { input, output }] of goldenFiles()) {
  golden(name, () => {
    const tree = printTree(parseTemplate(input))
    if (process.env['UPDATE'] === '1') writeFileSync(goldenPath(name), input + SEPARATOR + tree)
    else assert.fixture(tree, output)
  })

  golden(`${name}: every cut and every deletion keeps spans in bounds and finds what stands whole before it`, () => {
    const whole = refs(parseTemplate(input)).filter((ref) => !ref.open)
    for (let at = 0; at <= input.length; at++) {
      const cut = parseTemplate(input.slice(0, at))
      checkSpans(cut)
      const found = refs(cut)
      for (const ref of whole) if (ref.end <= at) assert.ok(found.some((r) => r.text === ref.text && r.start === ref.start), `cut at ${at} loses ${ref.text}`)
      checkSpans(parseTemplate(input.slice(0, at) + input.slice(at + 1)))
    }
  })
}

golden('the files are the ones we know', () => {
  assert.ok(readFileSync(goldenPath('broken.txt'), 'utf8').length > 0)
  assert.is(goldenFiles().size, 5)
})

golden.run()

const tolerant = suite('jinja tolerance')

tolerant('refs around breaks are found', () => {
  const cases: [string, string[]][] = [
    ["{{ ref('a' }} {{ ref('b') }}", ['a', 'b']],
    ["{{ ref('a }} {{ ref('b') }}", ['a', 'b']],
    ["{{ ref('sto\nfrom x\n{{ ref('b') }}", ['sto', 'b']],
    ["{% if ref('a' %}{{ ref('b') }}{% endif %}{{ ref('c') }}", ['a', 'b', 'c']],
    ["{{ ref('a') ref('b') }}", ['a', 'b']],
    ["{{ f([ref('a') ref('b')]) }}", ['a', 'b']],
    ["{{ ref('a') | {{ ref('b') }}", ['a', 'b']],
    ["{% for x in y %}{{ ref('a') }}{% endif %}{{ ref('b') }}", ['a', 'b']],
    ["{% foo ref('a') %}{{ ref('b') }}", ['a', 'b']],
    ["{# never closed {{ ref('x') }}\n{{ ref('a') }}", ['a']],
    ["{% raw %} never closed {{ ref('a') }}", ['a']],
    ["{{ ! }}{{ ref('a') }}", ['a']],
    ["{% set x = {'a': ref('a') %}{{ ref('b') }}", ['a', 'b']],
    ["{{ config(a={'b': {'c': 1}} }}{{ ref('b') }}", ['b']],
    ["{% if x }}{{ ref('a') }}{% endif %}", ['a']],
    ["{{ ref('a') %}{{ ref('b') }}", ['a', 'b']],
    ["{% macro m( %}{{ ref('a') }}{% endmacro %}{{ ref('b') }}", ['a', 'b']],
  ]
  for (const [text, expected] of cases) {
    const template = parseTemplate(text)
    assert.equal(refs(template).map((r) => r.text), expected, text)
    assert.ok(template.errors.length > 0, text)
    checkSpans(template)
  }
})

tolerant('the end of an outer block closes the inner ones', () => {
  const template = parseTemplate('{% macro a() %}{% if x %}b{% endmacro %}c')
  const [macro, after] = template.body
  assert.is(macro?.kind, 'Macro')
  assert.is(after?.kind, 'Text')
  assert.is(template.errors[0]?.message, "Encountered unknown tag 'endmacro'. You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for 'elif' or 'else' or 'endif'. The innermost block that needs to be closed is 'if'.")
})

tolerant('a valid string with a newline and delimiters stays whole', () => {
  assert.equal(parseTemplate("{{ log('a\n {{ b }} %}') }}").errors, [])
})

tolerant('errors carry the line jinja2 names and a place', () => {
  const [error] = parseTemplate("a\nb {% if x %}\n{{ ref('y') }}\n").errors
  assert.is(error?.message, "Unexpected end of template. Jinja was looking for the following tags: 'elif' or 'else' or 'endif'. The innermost block that needs to be closed is 'if'.")
  assert.is(error?.line, 3)
  assert.is(error?.start, 7)
})

tolerant('snapshot and data_test are tags only when asked', () => {
  const text = '{% snapshot s %}a{% endsnapshot %}'
  assert.is(parseTemplate(text).errors[0]?.message, "Encountered unknown tag 'snapshot'.")
  assert.is(parseTemplate(text).body[0]?.kind, 'Snapshot')
  assert.equal(parseTemplate(text, { blockTags: true }).errors, [])
})

tolerant('deep nesting is an error, never a stack overflow', () => {
  const n = 5_000
  for (const text of [`{{ ${'('.repeat(n)}1${')'.repeat(n)} }}`, `{{ ${'['.repeat(n)}`, `{{ ${'{1:'.repeat(n)} }}`, `{{ ${'f('.repeat(n)} }}`, `{{ ${'not '.repeat(n)} a }}`,
    `{{ ${'-'.repeat(n)}a }}`, `{{ a${'.b'.repeat(n)} }}`, `{{ a${'|b'.repeat(n)} }}`, `{{ a${' + b'.repeat(n)} }}`, `{{ a${' if b else c'.repeat(n)} }}`, `{{ a${'()'.repeat(n)} }}`,
    `{% if a %}`.repeat(n), `{% if a %}`.repeat(n) + '{% endif %}'.repeat(n), `{% macro m(a: ${'b['.repeat(n)}`, `{{ a${'[b'.repeat(n)} }}`]) {
    const template = parseTemplate(text)
    assert.ok(template.errors.length > 0)
    assert.ok(height(template) < 2_000)
  }
  assert.equal(parseTemplate(`{{ a${' ~ b'.repeat(n)} }}`).errors, [])
})

tolerant('broken text takes linear time', () => {
  const n = 20_000
  for (const unit of ["{{ '", '{{ "{{ ', '{% if a', '{{ ref( ', '{{ [', "{{ '\\'", '{# ', '{% raw %}', "{{ a b '\n", '{{ }}}', '{% for', '!{{ ! ', '{% endif %}', '{{ f(a, ', "{{ ' \" "]) {
    const started = process.hrtime.bigint()
    parseTemplate(unit.repeat(n))
    const ms = Number(process.hrtime.bigint() - started) / 1e6
    assert.ok(ms < 4_000, `${JSON.stringify(unit)}: ${ms} ms`)
  }
})

tolerant.run()

const space = suite('jinja white space control')

// Texts as jinja2 3.1.6 renders them (trim_blocks and lstrip_blocks off).
const TRIMMED: [string, string[]][] = [
  ['a {{ x }} b', ['a ', ' b']],
  ['a {{- x -}} b', ['a', 'b']],
  ['a {{+ x }} b', ['a ', ' b']],
  ['a\n{%- set x = 1 -%}\n\nb\n', ['a', 'b']],
  ['a {%+ set x = 1 +%} b', ['a ', ' b']],
  ['a {#- c -#} b', ['a', 'b']],
  ['a {#+ c +#} b', ['a ', ' b']],
  ['a\n\n', ['a\n']],
  ['a\r\nb\rc\r\n', ['a\nb\nc']],
  ['\n', []],
  ['{{ x }}\n', []],
  ['{{ x }}\n\n', ['\n']],
  [' {%- raw -%} a {{ b }} {%- endraw -%} c', ['a {{ b }}', 'c']],
  ['\u00a0{{- x -}}\u2003b', ['b']],
  ['\ufeff{{- x -}}\ufeffb', ['\ufeff', '\ufeffb']],
  ['a\x1c{{- x -}}\x1fb', ['a', 'b']],
]

for (const [text, expected] of TRIMMED) {
  space(JSON.stringify(text), () => {
    assert.equal(parseTemplate(text).body.flatMap((node) => (node.kind === 'Text' ? [node.text] : [])), expected)
  })
}

space.run()

const verdicts = suite('jinja accept and reject')

const ACCEPTED = [
  '{{ f(a,) }}', '{{ [1,] }}', "{{ {'a': {'b': 1}} }}", "{{ {'a': 1,} }}", '{{ {1: 2, f(x): 3} }}', '{{ (1,) }}', '{{ 1, 2 }}', '{{ () }}', '{{ a[1:2:3] }}', '{{ a[::2] }}', '{{ a[b, c] }}', '{{ x.0 }}',
  "{{ 'a' \"b\" }}", '{{ f(*a, **b) }}', '{{ a is divisibleby 3 }}', '{{ a if b else c if d else e }}', '{{ 1_000 + 0xff + 0o7 + 0b1 + 1e3 }}', '{% if a: %}{% endif %}', '{%+ if a +%}{% endif %}',
  '{% for a, b in c if d recursive %}{% endfor %}', '{% for (a, b) in c %}{% endfor %}', '{% set a = 1, 2 %}', '{% set a.b = 1 %}', '{% set a | upper %}b{% endset %}', '{% do a.b() %}', '{% print a, b %}',
  '{% macro m(a: list[str] = x, b=1) %}{% endmacro %}', "{% materialization m, adapter='x', supported_languages=['sql'] %}{% endmaterialization %}", '{% docs d %}{% enddocs %}', '{% test t(a) %}{% endtest %}',
  "{% include 'a' ignore missing without context %}", 'a #} b', 'a }} b', '{#', '{{ null }}', '{{ not a is b }}', "{{ '\\d' }}",
]

const REJECTED: [string, string, number][] = [
  ['{{ f(a b) }}', "expected token ',', got 'b'", 1],
  ['{{ }}', "Expected an expression, got 'end of print statement'", 1],
  ['\n{{ a', "unexpected end of template, expected 'end of print statement'.", 2],
  ['{{ a) }}', "unexpected ')'", 1],
  ['{{ (a] }}', "unexpected ']', expected ')'", 1],
  ['{{ a ! }}', "unexpected char '!' at 5", 1],
  ["{{ 'a }}", 'unexpected char "\'" at 3', 1],
  ['😀\r\n{{ ! }}', "unexpected char '!' at 5", 2],
  ['{% foo %}', "Encountered unknown tag 'foo'.", 1],
  ['{% if a %}{% foo %}', "Encountered unknown tag 'foo'. Jinja was looking for the following tags: 'elif' or 'else' or 'endif'. The innermost block that needs to be closed is 'if'.", 1],
  ['{% %}', 'tag name expected', 1],
  ['{# a', 'Missing end of comment tag', 1],
  ['{% raw %} a', 'Missing end of raw directive', 1],
  ['{% set f() = 1 %}', "expected token 'end of statement block', got '('", 1],
  ["{% set 'a' = 1 %}", "can't assign to 'const'", 1],
  ['{% macro m(a=1, b) %}{% endmacro %}', 'non-default argument follows default argument', 1],
  ['{{ f(a=1, b) }}', 'invalid syntax for function call expression', 1],
  ['{% call m %}{% endcall %}', 'expected call', 1],
  ['{{ a. }}', 'expected name or number', 1],
  ['{{ a is b is c }}', 'You cannot chain multiple tests with is', 1],
  ["{{ '\\x4' }}", 'truncated \\xXX escape', 1],
  ['{{ x² }}', 'Invalid character in identifier', 1],
  ['{% materialization m, x %}{% endmaterialization %}', "materialization 'm' received unknown argument 'x'.", 1],
  ["{% from 'a' import _b %}", 'names starting with an underline can not be imported', 1],
]

for (const text of ACCEPTED) verdicts(text, () => { assert.equal(parseTemplate(text, { strict: true }).errors, []) })
for (const [text, message, line] of REJECTED) {
  verdicts(JSON.stringify(text), () => {
    const [error] = parseTemplate(text, { strict: true }).errors
    assert.is(error?.message, message)
    assert.is(error?.line, line)
    assert.equal(parseTemplate(text).errors[0], error)
  })
}

verdicts.run()

function refs(template: Template): { readonly text: string; readonly start: number; readonly end: number; readonly open: boolean }[] {
  return literalCalls(template).filter((call) => call.name.endsWith('ref')).map((call) => ({
    text: call.args.map((arg) => (arg.kind === 'string' ? arg.value : '?')).join('.'), start: call.start, end: call.end, open: call.open,
  }))
}

/** Children lie inside their parent, in order, without overlap. */
function checkSpans(node: Node): void {
  let from = node.start
  for (const child of childrenOf(node)) {
    assert.ok(child.start >= from && child.end >= child.start && child.end <= node.end, `${child.kind} ${child.start}..${child.end} in ${node.kind} ${node.start}..${node.end} after ${from}`)
    checkSpans(child)
    from = child.end
  }
}

function height(node: Node): number {
  return 1 + Math.max(0, ...childrenOf(node).map(height))
}
