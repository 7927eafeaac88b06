import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { parseTemplate } from '../../../server/jinja/parse.ts'
import { staticConfigCall } from '../../../server/dbt/names/unrendered.ts'

const x = suite('unrendered config() calls')

const text = (argument: string): unknown => staticConfigCall(parseTemplate(`{{ config(k=${argument}) }}`), 'source')?.get('k')

// What dbt 1.12.6 stores.
for (const [argument, stored] of [
  ["'table'", 'table'], ['true', 'True'], ['3', '3'], ['none', 'None'], ['1.50', '1.5'], ['-1', '-1'], ["['a', \"it's\"]", `['a', "it's"]`], ["('a',)", "('a',)"],
  ["{'a': 1, 'b': [true]}", "{'a': 1, 'b': [True]}"], ["env_var('X', 'y')", "env_var('X', 'y')"], ["ref('st') ~ 'x'", "ref('st') ~ 'x'"], ['not true', 'not True'], ['x[0]', 'x[0]'], ['a.b', 'a.b'],
  ['a == 1 and b', 'a == 1 and b'], ['f(*a, **b)', 'f(*a, **b)'],
  ['1 + x', "Add(left=Const(value=1), right=Name(name='x', ctx='load'))"],
  ["'a' if b else 'c'", "CondExpr(test=Name(name='b', ctx='load'), expr1=Const(value='a'), expr2=Const(value='c'))"],
  ["b | upper", "Filter(node=Name(name='b', ctx='load'), name='upper', args=[], kwargs=[], dyn_args=None, dyn_kwargs=None)"],
] as const) x(argument, () => { assert.is(text(argument), stored) })

x('only the first call, only its keywords', () => {
  assert.equal([...staticConfigCall(parseTemplate("{{ config({'a': 1}) }}{{ config(b=2) }}"), 'source') ?? []], [])
  assert.equal([...staticConfigCall(parseTemplate('{{ config(b=2) }}{{ config(c=2) }}'), 'source') ?? []], [['b', '2']])
  assert.is(staticConfigCall(parseTemplate('select 1'), 'source'), null)
})

x('the first in the text, also inside a tag', () => {
  assert.equal([...staticConfigCall(parseTemplate('{% if true %}{{ config(b=2) }}{% endif %}{{ config(c=2) }}'), 'source') ?? []], [['b', '2']])
})

x('1.9 to 1.11 store the syntax tree', () => {
  assert.is(staticConfigCall(parseTemplate("{{ config(materialized='table') }}"), 'ast')?.get('materialized'), "Keyword(key='materialized', value=Const(value='table'))")
})

x.run()
