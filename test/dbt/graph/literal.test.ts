import { drained } from '../../../server/dbt/steps.ts'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { assembleListed } from '../../../server/dbt/assemble.ts'
import { definition } from '../../../server/ide/definition.ts'
import { DEFAULTS, requestOf } from '../../../server/ide/settings.ts'
import { parseFixture } from '../../support/fixture.ts'
import { memoryHost } from '../../support/memory-host.ts'

const x = suite('names before files are read')

const PROJECT = `
  //- models/orders.sql
  select * from {{ ref('users') }} join {{ ref('codes') }} using (id) join {{ source('raw', 'events') }} using (id)
  //- models/deep/users.sql
  select 1
  //- models/_models.yml
  sources:
    - name: raw
      tables: [{name: events}]
  //- seeds/codes.csv
  id
  1
  //- snapshots/old.sql
  {% snapshot old %} select 1 {% endsnapshot %}
  //- macros/m.sql
  {% macro m() %}{% endmacro %}
`

function listed() {
  const fixture = parseFixture(PROJECT)
  const host = memoryHost(fixture)
  const path = `${fixture.root}/models/orders.sql`
  const text = host.files.get(path) ?? ''
  const inputs = drained(host.listSteps(fixture.root, requestOf(DEFAULTS), new Map([[path, text]])))
  return { fixture, path, text, inputs, snapshot: assembleListed(inputs, host.now()) }
}

x('what paths say is there, and nothing is final', () => {
  const { snapshot, inputs, path } = listed()
  assert.equal([...inputs.files.keys()], [path])
  assert.equal([...snapshot.manifest.nodes.values()].map((node) => `${node.resource_type} ${node.name}`).toSorted(), ['model orders', 'model users', 'seed codes'])
  assert.is(snapshot.manifest.sources.size, 0)
  assert.is(snapshot.manifest.final, false)
})

x('the definition of a ref needs no more, that of a source waits', () => {
  const { snapshot, path, text, fixture } = listed()
  const at = (what: string) => definition(snapshot, path, text.indexOf(what) + 1).map((each) => each.target.path.slice(fixture.root.length))
  assert.equal(at('users'), ['/models/deep/users.sql'])
  assert.equal(at('codes'), ['/seeds/codes.csv'])
  assert.equal(at('events'), [])
})

x.run()
