// adapter.dispatch in macros that nothing calls. The answers are dbt 1.12.6's (1.8.9's are the same; dbt 2 says nothing).

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { buildManifest } from '../../../server/dbt/graph/manifest.ts'
import type { RuleSetName } from '../../../server/dbt/rules/rules.ts'
import { parseFixture } from '../../support/fixture.ts'
import { inputOf } from '../../support/manifest-of.ts'

const x = suite('adapter.dispatch as dbt reads it without running it')

function problems(call: string, rules: RuleSetName = '1.12', adapter = 'duckdb'): string[] {
  const input = inputOf(parseFixture(`
  //- dbt_project.yml
  name: p
  profile: p
  //- profiles.yml
  p: {target: dev, outputs: {dev: {type: ${adapter}, path: dev.duckdb, schema: main}}}
  //- models/a.sql
  select 1
  //- macros/m.sql
  {% macro duckdb__here() %}{% endmacro %}
  {% macro m() %}{% if false %}{{ ${call} }}{% endif %}{% endmacro %}
`).files, null, rules)
  const text = input.files.get('/p/macros/m.sql')?.text ?? ''
  return buildManifest(input).manifest.problems.map(({ code, message, place }) => {
    assert.is(text.slice(place.start, place.end), call, 'the place is the call')
    return `${code}: ${message}`
  })
}

const NOWHERE = "macro-not-found: In dispatch: No macro named 'gone' found within namespace: 'p'\n    Searched for: 'p.duckdb__gone', 'p.default__gone', 'p.duckdb__gone', 'p.default__gone'"
for (const [call, said] of [
  ["adapter.dispatch('here')", []],
  ["adapter.dispatch('here', 'p')", []],
  ["adapter.dispatch('here', macro_namespace='p')", []],
  ["adapter.dispatch('here', var('x'))", []],
  ["adapter.dispatch('here', ['p'])", []],
  ["adapter.dispatch('here', packages=['p'])", []],
  ["adapter.dispatch('here', none)", []],
  ["adapter['dispatch'](x)", []],
  ["adapter.dispatch('gone', 'p')", [NOWHERE]],
  ["adapter.dispatch(macro_name='gone', macro_namespace='p')", [NOWHERE]],
  ['adapter.dispatch(x)', ["compilation-error: 'Name' object has no attribute 'value'"]],
  ['adapter.dispatch(macro_name=x)', ["compilation-error: 'Name' object has no attribute 'value'"]],
  ["adapter.dispatch('a' ~ 'b')", ["compilation-error: 'Concat' object has no attribute 'value'"]],
  ["adapter.dispatch('a' + 'b')", ["compilation-error: 'Add' object has no attribute 'value'"]],
  ["adapter.dispatch('here', [x])", ["compilation-error: 'Name' object has no attribute 'value'"]],
  ["adapter.dispatch('here', macro_namespace=x)", ['compilation-error: The macro_namespace parameter to adapter.dispatch is a Name, not a string']],
  ["adapter.dispatch('here', 1)", ['compilation-error: In adapter.dispatch, got a <class \'int\'> macro_namespace argument ("1"), but macro_namespace should be None or a string.']],
  ["adapter.dispatch('p.here')", ['compilation-error: In adapter.dispatch, got a macro name of "p.here", but "." is not a valid macro name component. Did you mean `adapter.dispatch("here", macro_namespace="p")`?']],
  ['adapter.dispatch()', ["compilation-error: argument of type 'NoneType' is not iterable"]],
  ['adapter.dispatch(1)', ["compilation-error: argument of type 'int' is not iterable"]],
] as const) {
  x(call, () => {
    assert.equal(problems(call), said)
    assert.equal(problems(call, '2'), [], 'dbt 2')
  })
}

x('what was not found may be among macros of dbt that are not known here', () => {
  assert.equal(problems("adapter.dispatch('gone')"), [])
  assert.equal(problems("adapter.dispatch('gone', 'dbt')"), [])
  assert.equal(problems("adapter.dispatch('gone', 'p')", '1.12', 'teradata'), [], 'nor are the parents of an adapter that is not known')
})

x.run()
