import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { PyDict, PyList } from '../../../server/jinja/value.ts'
import type { Value } from '../../../server/jinja/value.ts'
import { synthesizedNames, testCode, testHash } from '../../../server/dbt/names/test-names.ts'

const x = suite('names of generic tests')

const model = (call: string): [string, Value] => ['model', `{{ get_where_subquery(${call}) }}`]

// Ids that dbt 1.12.6 gave.
x('id of a plain test', () => {
  const kwargs = new Map<string, Value>([['column_name', 'id'], model("ref('toptags')")])
  const { full } = synthesizedNames('not_null', 'toptags', kwargs)
  assert.is(full, 'not_null_toptags_id')
  assert.is(testHash(full, null, 'not_null', kwargs, { testHashEscapes: true }), '8661a7235f')
})

x('values of all kinds in name and hash', () => {
  const kwargs = new Map<string, Value>([
    ['column_name', 'ship_id'], ['values', new PyList([1n, 2.5, null, true, 'three hundred and thirty three very long words'])], model("ref('ship_dim')"),
  ])
  const { full, short } = synthesizedNames('accepted_values', 'ship_dim', kwargs)
  assert.is(full, 'accepted_values_ship_dim_ship_id__1__2_5__None__True__three_hundred_and_thirty_three_very_long_words')
  assert.is(testHash(full, null, 'accepted_values', kwargs, { testHashEscapes: true }), 'bd5cfe4843')
  assert.match(short, /^accepted_values_ship_dim_[0-9a-f]{32}$/)
})

x('a namespace is hashed', () => {
  const kwargs = new Map<string, Value>([['column_name', 'call_id'], ['least', 1n], model("ref('stg_calls')")])
  const { full } = synthesizedNames('pilot_at_least', 'stg_calls', kwargs)
  assert.is(`${full}.${testHash(full, 'pilot', 'at_least', kwargs, { testHashEscapes: true })}`, 'pilot_at_least_stg_calls_call_id__1.9b1c68a3d1')
})

// Ids that dbt 2.0.0-alpha.4 gave.
x('dbt 2 hashes texts without escapes', () => {
  const hash = (name: string, value: Value) => testHash(name, null, 'accepted_values', new Map<string, Value>([['column_name', 'id'], model("ref('a')"), ['values', new PyList([value])]]), { testHashEscapes: false })
  assert.is(hash('q1', "it's"), 'e2ebc604f0')
  assert.is(hash('q3', 'a\\b'), '95a1a30c4c')
  assert.is(hash('q4', 'a\nb'), '852b2e8adf')
  assert.is(hash('q5', 'it\'s "x"'), 'cb55892840')
})

x('raw code holds the config', () => {
  const config = new Map<string, Value>([['severity', 'warn'], ['tags', new PyList(['tt'])], ['meta', new PyDict([['z', 'a\n']])]])
  assert.is(testCode(null, 'not_null', config), `{{ test_not_null(**_dbt_generic_test_kwargs) }}{{ config(severity="warn",tags=['tt'],meta={'z': 'a\\n'}) }}`)
  assert.is(testCode('pilot', 'at_least', new Map()), '{{ pilot.test_at_least(**_dbt_generic_test_kwargs) }}')
})

x.run()
