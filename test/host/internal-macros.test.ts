// dbt's own macros of an installed dbt, from its include folders: where each stands, so that a definition leads there.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { assemble } from '../../server/dbt/assemble.ts'
import { findInternalMacros } from '../../server/host/internal-macros.ts'
import { outgoingCalls } from '../../server/ide/call-hierarchy.ts'
import { definition } from '../../server/ide/definition.ts'
import { memoryDisk } from '../support/memory-disk.ts'
import { snapshotOf } from '../support/snapshot.ts'

const internals = suite("dbt's own macros")

const SITE = '/venv/lib/python3.12/site-packages'
const TYPES = '\n{% macro type_int() %}{{ adapter.dispatch("type_int", "dbt")() }}{% endmacro %}\n'

internals('a definition leads into the installed dbt', async () => {
  const { inputs, path, offset } = await snapshotOf(`
    //- models/m.sql
    select 1::{{ dbt.type_$0int() }}, {{ mine() }}
    //- macros/mine.sql
    {% macro mine() %}{{ type_int() }}{% endmacro %}
  `)
  const disk = memoryDisk(new Map([
    [`${SITE}/dbt/include/global_project/macros/utils/data_types.sql`, TYPES],
    [`${SITE}/dbt/include/${inputs.project.adapter.type}/macros/adapters.sql`, '{% macro duckdb__x() %}{% endmacro %}'],
  ]))
  const internal = findInternalMacros({ targetPath: '/p/target', state: null, installed: [SITE], adapter: inputs.project.adapter }, disk)
  assert.is(internal?.macros.length, 2)
  const snapshot = assemble({ ...inputs, internal }, '2026-01-01T00:00:00Z', null)
  const [found, ...more] = definition(snapshot, path, offset)
  assert.equal(more, [])
  assert.is(found?.target.path, `${SITE}/dbt/include/global_project/macros/utils/data_types.sql`)
  assert.is(TYPES.slice(found?.selection.start, found?.selection.end), 'type_int')
  assert.equal(outgoingCalls(snapshot, 'macro.p.mine').map(({ item }) => [item.id, item.place.path]), [['macro.dbt.type_int', found?.target.path]])
})

internals.run()
