import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { literalCalls } from '../../server/jinja/literal.ts'
import { parseTemplate } from '../../server/jinja/parse.ts'
import { tokenize } from '../../server/jinja/tokens.ts'
import { pathAt } from '../../server/jinja/walk.ts'

const test = suite('jinja literal calls, paths, tokens')

test('names, string spans inside the quotes, keywords, what is dynamic', () => {
  const text = "{{ pkg.m(ref('a', 'b', v=2), x, -1.5, {'k': [none]}, *y) }}"
  const [outer, inner] = literalCalls(parseTemplate(text))
  assert.is(outer?.name, 'pkg.m')
  assert.is(outer?.spread, true)
  assert.equal(outer?.args.map((arg) => arg.kind), ['dynamic', 'dynamic', 'value', 'dict'])
  assert.is(inner?.name, 'ref')
  assert.equal(inner?.args.map((arg) => text.slice(arg.span.start, arg.span.end)), ['a', 'b'])
  assert.equal(inner?.kwargs.map((k) => [k.name, k.value.kind === 'value' ? k.value.value : null]), [['v', 2n]])
})

test('half-typed calls', () => {
  const text = "select * from {{ ref('sto"
  const [call] = literalCalls(parseTemplate(text))
  const [arg] = call?.args ?? []
  assert.is(call?.open, true)
  assert.ok(arg?.kind === 'string' && arg.unterminated && text.slice(arg.span.start, arg.span.end) === 'sto')
})

test('pathAt leads to the innermost node', () => {
  const text = "{% if a %}{{ f(x.y, ) }}{% endif %}{{  }}"
  assert.equal(pathAt(parseTemplate(text), text.indexOf('y')).map((node) => node.kind), ['Template', 'If', 'Print', 'Call', 'Getattr'])
  assert.equal(pathAt(parseTemplate(text), text.length - 3).map((node) => node.kind), ['Template', 'Print', 'Missing'])
})

test('tokens of broken text cover what can be read', () => {
  assert.equal(tokenize("a {# c #}{{ ref('x {{ b").map((token) => token.type), ['data', 'comment', 'variable_begin', 'name', 'lparen', 'string', 'variable_end', 'variable_begin', 'name'])
})

test.run()
