import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { compiledDocument, toCompiled, toSource } from '../../server/ide/compiled.ts'
import { snapshotOf } from '../support/snapshot.ts'

const documents = suite('compiled document')

documents('text, marks and the way between both texts', async () => {
  const { snapshot, fixture, path, offset } = await snapshotOf(`
    //- models/m.sql
    select id, {{ 40 + 2 }} as n
    from {{ ref('$0t') }}
    //- models/t.sql
    select 1 as id
    //- prod
    model t prod_db.core.t
    //- dev
    main.other
  `)
  const document = compiledDocument(snapshot, path)
  assert.ok(document)
  if (!document) return
  assert.is(document.text, 'select id, 42 as n\nfrom "prod_db"."core"."t"')
  assert.is(document.exact, true)
  assert.equal(document.marks.map((mark) => [document.text.slice(mark.start, mark.end), mark.kind]), [['"prod_db"."core"."t"', 'prod']])
  const source = fixture.files.get(path) ?? ''
  const there = toCompiled(document, offset)
  assert.is(there === null ? null : document.text.slice(there, there + 9), '"prod_db"')
  const back = toSource(document, document.text.indexOf('core'))
  assert.is(back && source.slice(back.start, back.end), "ref('t')")
  const literal = toSource(document, document.text.indexOf('as n'))
  assert.is(literal?.start, source.indexOf('as n'))
})

documents('a broken tag and an error still show the text', async () => {
  const { snapshot, path } = await snapshotOf(`
    //- models/test.sql
    select 1 from {{ ref('gone') }}
  `)
  const document = compiledDocument(snapshot, path)
  assert.is(document?.exact, false)
  assert.ok(document?.text.startsWith('-- '))
  assert.ok(document?.text.endsWith("select 1 from {{ ref('gone') }}"))
})

documents('nothing for a file that is no node', async () => {
  const { snapshot } = await snapshotOf('select 1')
  assert.is(compiledDocument(snapshot, '/p/dbt_project.yml'), null)
})

documents.run()
