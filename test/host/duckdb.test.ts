// The lister of DuckDB files, where the file decides without DuckDB itself.

import { tmpdir } from 'node:os'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { adapterOf } from '../../server/dbt/adapters/adapters.ts'
import { existenceOf } from '../../server/dbt/defer/existence.ts'
import { makeDuckdbLister } from '../../server/host/duckdb.ts'

const listing = suite('DuckDB lister')
const adapter = adapterOf('duckdb', { databricksLowerCases: true })

listing('a file that dbt would make holds nothing, and says nothing of other databases', async () => {
  for (const [database, name] of [[null, 'none'], ['side', 'side']] as const) {
    const { listing: found, problem } = await makeDuckdbLister({ file: path.join(tmpdir(), 'no-such-folder', 'none.of.duckdb'), database, adapter, entry: '' }).refresh()
    const exists = (of: string) => (existenceOf(found, adapter, adapter.quotePolicy, { database: of, schema: 's', identifier: 'x' }) as { exists: boolean | null }).exists
    assert.equal([problem, exists(name), exists('another')], [null, false, null])
  }
})

listing.run()
