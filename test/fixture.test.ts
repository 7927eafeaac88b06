import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { parseFixture } from './support/fixture.ts'
import { manifestText } from './support/manifest.ts'

const fixtures = suite('fixture')

fixtures('files, cursor, labels, prod and dev', () => {
  const fixture = parseFixture(`
    select * from {{ ref('us$0ers') }}
                       -- ^^^^^^^ the name
    //- prod
    model users prod.core.users (id int, name text) at models/core/users.sql
    disabled model old.v2 prod.core.old as view latest 3
    //- dev
    dev_me.orders
    //- models/core/users.sql
    select 1
    ^^^^^^ target
  `)
  assert.is(fixture.files.get('/p/models/test.sql'), "select * from {{ ref('users') }}\n")
  assert.is(fixture.files.get('/p/models/core/users.sql'), 'select 1\n')
  assert.equal(fixture.cursor, { path: '/p/models/test.sql', offset: 24 })
  assert.equal(fixture.labels, [
    { path: '/p/models/test.sql', start: 22, end: 27, text: 'the name' },
    { path: '/p/models/core/users.sql', start: 0, end: 6, text: 'target' },
  ])
  assert.equal(fixture.prod.map((node) => [node.name, node.version, node.latest_version, node.enabled, node.database, node.identifier, node.columns.length]), [
    ['users', null, null, true, 'prod', 'users', 2], ['old', '2', '3', false, 'prod', 'old', 0],
  ])
  assert.equal(fixture.dev, [{ database: null, schema: 'dev_me', identifier: 'orders', type: 'table' }])
  assert.equal(fixture.disk.list('/p').map((entry) => entry.name), ['dbt_project.yml', 'models', 'profiles.yml'])
  assert.is(JSON.parse(manifestText(fixture.prod)).nodes['model.p.users'].relation_name, '"prod"."core"."users"')
})

fixtures.run()
