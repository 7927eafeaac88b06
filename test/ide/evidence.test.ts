// What rests on results that the user has, where dbt asks the warehouse, says so wherever it is shown: in the model's hover, in the compiled document.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { parseListingFile } from '../../server/dbt/defer/listing-file.ts'
import type { Snapshot } from '../../server/dbt/snapshot.ts'
import { adapterOf } from '../../server/dbt/adapters/adapters.ts'
import { hintsInside, hoverInside } from '../../server/ide/compiled-features.ts'
import { compiledDocument } from '../../server/ide/compiled.ts'
import { hover } from '../../server/ide/hover.ts'
import { snapshotOf } from '../support/snapshot.ts'

const evidence = suite('evidence in the editor')

/** The snapshot of a project whose relation `t` somebody listed three days ago. */
async function seen(sql: string): Promise<{ readonly snapshot: Snapshot; readonly path: string; readonly offset: number }> {
  const template = `
    //- models/t.sql
    select 1 as id
    //- models/e.sql
    {{ config(materialized='ephemeral') }}select {{ names() }} from {{ ref('t') }}
    //- macros/names.sql
    {% macro names() %}{% for c in adapter.get_columns_in_relation(ref('t')) %}{{ c.name }},{% endfor %}{% endmacro %}
    //- models/m.sql
    ${sql}
  `
  const first = await snapshotOf(template)
  const { database, schema } = first.snapshot.manifest.nodes.get('model.p.t') ?? { database: null, schema: '' }
  const duckdb = adapterOf('duckdb', { databricksLowerCases: true })
  const as_of = new Date(Date.parse(first.snapshot.now) - 3 * 86_400_000).toISOString()
  const listing = parseListingFile(JSON.stringify([{ database, schema, identifier: 't', type: 'table', columns: [{ name: 'id', type: 'INTEGER' }, { name: 'n', type: 'DATE' }] }]), { file: '/e.json', as_of }, duckdb)
  assert.ok(listing.ok)
  return snapshotOf(template, { evidence: listing.ok ? { listing: listing.listing } : {} })
}

const COLUMNS = /not asked of the warehouse:\n\n- `adapter\.get_columns_in_relation\("\w+"\."\w+"\."t"\)`: answered from the listing \/e\.json, 3 days old$/

for (const [name, sql, expected] of [
  ['a call in the text', "select {{ adapter.get_columns_in$0_relation(ref('t')) | length }}", COLUMNS],
  ['a call of a macro that asks', 'select {{ na$0mes() }}', COLUMNS],
  ['an if that asks', "{% i$0f adapter.get_columns_in_relation(ref('t')) %}select 1{% endif %}", COLUMNS],
  ['what does not rest on it', "{% set c = adapter.get_columns_in_relation(ref('t')) %}select {{ 1 $0+ 2 }}", /^`1 \+ 2` is\n\n`3` \(int\)$/],
] as const) {
  evidence(`hover in the model: ${name}`, async () => {
    const { snapshot, path, offset } = await seen(sql)
    assert.match(hover(snapshot, path, offset)?.text ?? '', expected)
  })
}

for (const [name, sql, expected] of [
  ['what a tag printed', "select {{ names() }} 1 from {{ ref('t') }}", ['id,n,']],
  ['a tag that prints nothing', "select {% set c = adapter.get_columns_in_relation(ref('t')) %}1$0", ['']],
  ['an ephemeral model', "select * from {{ ref('e') }}", ['select id,n, from "dev"."dev_me"."t"']],
  ['the relation in a tag that asked', "select {{ adapter.get_relation('dev', 'dev_me', 't') }}", ['"dev"."dev_me"."t"']],
] as const) {
  evidence(`in the compiled document: ${name}`, async () => {
    const { snapshot } = await seen(sql)
    const document = compiledDocument(snapshot, '/p/models/m.sql')
    assert.ok(document)
    const marks = document.marks.filter(({ kind }) => kind === 'evident')
    assert.equal(marks.map(({ start, end }) => document.text.slice(start, end)), expected)
    const [mark] = marks
    const hint = hintsInside(snapshot, document, { start: 0, end: document.text.length }).find(({ offset, label }) => offset === mark?.end && label.includes('listing'))
    assert.is(hint?.label, '← the listing, 3 days old')
    assert.match(hoverInside(snapshot, document, mark?.start ?? 0)?.text ?? '', /\*\*not asked of the warehouse\*\*:\n\n- `adapter\.get_/)
  })
}

evidence('a part that a loop repeats and nobody knows has one hint', async () => {
  const { snapshot } = await seen("select {% for i in range(4) %}{{ adapter.execute('select 1') }},{% endfor %} 1 from {{ ref('t') }}")
  const document = compiledDocument(snapshot, '/p/models/m.sql')
  assert.ok(document)
  assert.is(document.marks.filter(({ kind }) => kind === 'unknown').length, 4)
  assert.equal(hintsInside(snapshot, document, { start: 0, end: document.text.length }).map(({ label }) => label.slice(0, 9)), ['← unknown', '← dev'])
})

evidence.run()
