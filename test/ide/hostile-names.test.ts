// Names that JavaScript's own objects have (`__proto__`, `constructor`, `toString` …) wherever a project may have names: they mean what they mean in Python,
// nothing of them reaches an object of ours, and every feature answers at every place.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { compileNode } from '../../server/dbt/compile/compile.ts'
import { completion } from '../../server/ide/completion.ts'
import { definition } from '../../server/ide/definition.ts'
import { diagnostics } from '../../server/ide/diagnostics.ts'
import { hover } from '../../server/ide/hover.ts'
import { references } from '../../server/ide/references.ts'
import { prepareRename } from '../../server/ide/rename.ts'
import { signatureHelp } from '../../server/ide/signature-help.ts'
import { documentSymbols, workspaceSymbols } from '../../server/ide/symbols.ts'
import { snapshotOf } from '../support/snapshot.ts'

const test = suite('names that JavaScript has')

const PROJECT = `
  //- dbt_project.yml
  name: __proto__
  version: '1.0'
  profile: constructor
  vars: {constructor: {toString: 2}, hasOwnProperty: 3, __proto__: {__proto__: 1}}
  models: {__proto__: {+tags: [__proto__], constructor: {+materialized: table}}, +meta: {__proto__: {polluted: true}, constructor: {prototype: {polluted: true}}}}
  //- profiles.yml
  constructor: {target: __proto__, outputs: {__proto__: {type: duckdb, path: a.duckdb, schema: constructor, settings: {__proto__: 1}}}}
  //- models/constructor.sql
  {{ config(__proto__={'a': 1}, constructor=2) }}select {{ {'__proto__': {'x': 1}}['__proto__'] }}, {{ {'constructor': 2}.constructor }}, [{{ {}.constructor }}{{ ''.constructor }}{{ [].constructor }}],
  {{ constructor(1) }}, {{ toString(**{'__proto__': 3, 'constructor': 4}) }}, {{ var('__proto__') }}, {{ var('constructor').toString }}, {{ dict(__proto__=5)|tojson }} from {{ ref('__proto__') }}
  //- models/__proto__.sql
  select 1 as __proto__ from {{ source('__proto__', 'constructor') }}
  //- macros/m.sql
  {% macro constructor(__proto__) %}{{ __proto__ }}{% endmacro %}
  {% macro toString() %}{{ kwargs['__proto__'] }}{{ kwargs.constructor }}{% endmacro %}
  {% macro hasOwnProperty(valueOf=1) %}{{ valueOf }}{% endmacro %}
  //- models/docs.md
  {% docs constructor %}the text{% enddocs %}
  //- models/schema.yml
  version: 2
  constructor:
    - {name: a}
  toString: [{name: b}]
  __proto__: [{name: c, description: d}]
  models:
    - name: __proto__
      description: "{{ doc('constructor') }}"
      columns: [{name: __proto__, tests: [not_null]}, {name: constructor, meta: {__proto__: 1}, data_tests: [{accepted_values: {values: [__proto__]}}]}]
      meta: {__proto__: {a: 1}, constructor: 2}
    - name: constructor
      config: {tags: [__proto__, constructor], __proto__: {x: 1}}
  sources: [{name: __proto__, tables: [{name: constructor, meta: {__proto__: 1}}]}]
  exposures: [{name: constructor, type: dashboard, owner: {name: __proto__}, depends_on: [ref('__proto__')]}]
  groups: [{name: __proto__, owner: {name: x}}]
  //- selectors.yml
  selectors: [{name: __proto__, definition: "tag:constructor"}, {name: constructor, definition: {method: tag, value: __proto__}}]
`

test('mean what they mean in Python', async () => {
  const { snapshot } = await snapshotOf(PROJECT)
  const node = snapshot.manifest.nodes.get('model.__proto__.constructor')
  assert.ok(node)
  const compiled = compileNode(snapshot, node)
  assert.is(compiled?.compiled_code, 'select {\'x\': 1}, 2, [],\n1, 34, 1, 2, {"__proto__": 5} from "a"."constructor"."__proto__"')
  assert.equal([...node.tags], ['__proto__', 'constructor'])
  assert.is(node.config.get('materialized'), 'table')
  assert.is(snapshot.manifest.nodes.get('model.__proto__.__proto__')?.description, 'the text')
})

test('every feature answers at every place, and no object is changed', async () => {
  const { snapshot, fixture } = await snapshotOf(PROJECT)
  for (const [path, text] of fixture.files) {
    for (const symbol of documentSymbols(snapshot, path)) assert.type(symbol.kind, 'string')
    diagnostics(snapshot, path)
    for (let offset = 0; offset <= text.length; offset += 3) {
      hover(snapshot, path, offset)
      completion(snapshot, path, offset)
      definition(snapshot, path, offset)
      references(snapshot, path, offset, { declaration: true })
      prepareRename(snapshot, path, offset)
      signatureHelp(snapshot, path, offset)
    }
  }
  for (const query of ['constructor', '__proto__', 'toString']) workspaceSymbols(snapshot, query)
  assert.equal(Object.keys(Object.prototype), [])
  assert.is(({} as { polluted?: unknown }).polluted, undefined)
})

test('an adapter and a variable with such a name', async () => {
  const odd = await snapshotOf(PROJECT.replace('type: duckdb, path: a.duckdb', 'type: constructor'))
  assert.is(odd.snapshot.project.adapter.known, false)
  const clash = await snapshotOf(PROJECT.replace('__proto__: {__proto__: 1}}', '__proto__: 1}'))
  assert.is(clash.snapshot.manifest.nodes.get('model.__proto__.constructor')?.problems[0]?.message, 'argument of type \'int\' is not iterable')
})

test.run()
