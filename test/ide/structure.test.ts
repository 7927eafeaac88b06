// The shape of files and of the project: symbols, links, folds, call hierarchy of macros.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { incomingCalls, outgoingCalls, prepareCallHierarchy } from '../../server/ide/call-hierarchy.ts'
import { documentLinks } from '../../server/ide/document-links.ts'
import { folds } from '../../server/ide/folding.ts'
import { documentSymbols, workspaceSymbols } from '../../server/ide/symbols.ts'
import type { Symbol } from '../../server/ide/types.ts'
import { textOf } from '../support/check.ts'
import { snapshotOf } from '../support/snapshot.ts'

const structure = suite('structure')

const MACROS = `
  //- macros/money.sql
  {% macro ce$0nts(column) %}{{ rounded(column) }}{% endmacro %}
  {% macro rounded(column) %}
    {{ adapter.dispatch('places')(column) }}
  {% endmacro %}
  {% macro default__places(column) %}2{% endmacro %}
  //- models/a.sql
  select {{ cents('a') }}, {{ cents('b') }} from {{ ref('b') }}
  //- models/b.sql
  select 1
`

structure('who calls a macro, and what it calls', async () => {
  const { snapshot, path, offset } = await snapshotOf(MACROS)
  const [item] = prepareCallHierarchy(snapshot, path, offset)
  assert.is(item?.id, 'macro.p.cents')
  assert.equal(incomingCalls(snapshot, 'macro.p.cents').map((edge) => [edge.item.name, edge.ranges.length]), [['a', 2]])
  assert.equal(incomingCalls(snapshot, 'macro.p.rounded').map((edge) => [edge.item.name, edge.ranges.length]), [['cents', 1]])
  assert.equal(outgoingCalls(snapshot, 'macro.p.cents').map((edge) => edge.item.name), ['rounded'])
  assert.equal(outgoingCalls(snapshot, 'macro.p.rounded').map((edge) => edge.item.name), ['default__places'])
  assert.equal(incomingCalls(snapshot, 'macro.p.default__places').map((edge) => [edge.item.name, edge.ranges.length]), [['rounded', 1]])
})

structure('links on names', async () => {
  const { snapshot } = await snapshotOf(MACROS)
  assert.equal(documentLinks(snapshot, '/p/models/a.sql').map((link) => [textOf(snapshot, '/p/models/a.sql').slice(link.span.start, link.span.end), link.path]), [['b', '/p/models/b.sql']])
})

structure('links on names of a text that is broken before and after them', async () => {
  const { snapshot, path } = await snapshotOf(`
    //- models/a.sql
    $0{{ ref('b' }} {{ ref('b') }} {{ ref('c }}
    //- models/b.sql
    select 1
  `)
  assert.equal(documentLinks(snapshot, path).map((link) => [textOf(snapshot, path).slice(link.span.start, link.span.end), link.path]), [['b', '/p/models/b.sql']])
})

structure('links in property files', async () => {
  const { snapshot, path } = await snapshotOf(`
    //- models/m.yml
    models:
      - name: $0a
        columns:
          - name: id
            data_tests:
              - relationships: {arguments: {to: ref('b'), field: id}}
    exposures:
      - name: e
        type: dashboard
        owner: {name: me}
        depends_on: [ref('a')]
    //- models/a.sql
    select 1
    //- models/b.sql
    select 1
  `)
  assert.equal(documentLinks(snapshot, path).map((link) => [textOf(snapshot, path).slice(link.span.start, link.span.end), link.path]), [['b', '/p/models/b.sql'], ['a', '/p/models/a.sql']])
})

structure('links behind a call that fails', async () => {
  const { snapshot, path } = await snapshotOf(`
    //- models/a.sql
    $0{% if false %}{{ ref('b') }}{% endif %} {{ nothing.here(re('b')) }} {{ ref('b') }}
    //- models/b.sql
    select 1
  `)
  assert.equal(documentLinks(snapshot, path).map((link) => link.span.start), [textOf(snapshot, path).lastIndexOf("b')")])
})

structure('folds of blocks and of YAML entries', async () => {
  const { snapshot, path } = await snapshotOf(MACROS)
  const text = textOf(snapshot, path)
  assert.ok(folds(snapshot, path).some((fold) => text.slice(fold.start, fold.end).startsWith('{% macro rounded') && text.slice(fold.start, fold.end).endsWith('{% endmacro %}')))
})

structure('symbols', async () => {
  const { snapshot, path } = await snapshotOf(`${MACROS.trimEnd()}
  //- models/m.yml
  models:
    - name: a
      columns: [{name: id}, {name: city}]
  sources:
    - name: till
      tables: [{name: orders}]
`)
  const shown = (symbol: Symbol): string => (symbol.children.length > 0 ? `${symbol.name}(${symbol.children.map(shown).join(' ')})` : symbol.name)
  assert.equal(documentSymbols(snapshot, path).map(shown), ['cents', 'rounded', 'default__places'])
  assert.equal(documentSymbols(snapshot, '/p/models/m.yml').map(shown), ['a(id city)', 'till(orders)'])
  assert.equal(workspaceSymbols(snapshot, 'ord').map((each) => each.name), ['till.orders'])
  assert.is(workspaceSymbols(snapshot, 'cents')[0]?.name, 'cents')
})

structure.run()
