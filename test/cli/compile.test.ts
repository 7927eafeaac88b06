// `compile`: what it refuses, what its records hold, and which selection --favor-state goes by.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { cli } from '../support/cli.ts'

const compiling = suite('compile command')

const SHOP = `
  //- models/t.sql
  select 1 as id
  //- models/m.sql
  {{ config(post_hook="grant select on {{ this }} to {{ target.name }}") }}
  select * from {{ ref('t') }}
  //- prod
  model t prod.core.t at models/t.sql
  model m prod.core.m at models/m.sql
  //- dev
  dev_me.t table
`

function recordsOf(out: string): Map<string, Record<string, unknown>> {
  return new Map(out.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>).map((record) => [String(record['unique_id']), record]))
}

compiling('dbt run alone knows some options; --inline and a selection exclude each other', async () => {
  for (const [command, message] of [
    ["compile --inline 'select 1' -s t", /inline: not allowed with argument select/],
    ["compile --event-time-start 2024-01-01", /`--event-time-start` was specified, but `--event-time-end` was not/],
    ["compile --sample '3 weeks'", /Invalid value for '--sample'.*Invalid grain size 'weeks'/s],
    ['compile --no-such', /no such option for compile: --no-such/],
  ] as const) {
    const { code, err } = await cli(SHOP, command)
    assert.is(code, 2, command)
    assert.match(err, message)
  }
})

compiling('a target path that cannot be written ends in one message', async () => {
  const { code, err } = await cli(SHOP, 'compile -s m --write --target-path dbt_project.yml/below')
  assert.is(code, 2)
  assert.match(err, /^dbt-defer-ls: cannot write .*below\/compiled.*: ENOTDIR/m)
})

compiling('the hooks of a node are in its record', async () => {
  const { out } = await cli(SHOP, 'compile -s m --output jsonl')
  assert.equal(recordsOf(out).get('model.p.m')?.['hooks'], [{ when: 'post-hook', sql: 'grant select on "dev"."dev_me"."m" to dev', transaction: true, unknown: [] }])
})

compiling('ephemeral here, a relation in production: said, and inlined', async () => {
  const here = SHOP.replace('select 1 as id', "{{ config(materialized='ephemeral') }}select 1 as id")
  const { code, out } = await cli(here, 'check --defer --output jsonl')
  const found = out.trimEnd().split('\n').map((line) => JSON.parse(line) as { code: string; severity: number; path: string; message: string })
  assert.is(code, 0)
  assert.equal(found.filter((each) => each.code === 'prod-not-deferrable').map(({ severity, path, message }) => [severity, path, message]), [[3, 'models/m.sql', `'t' is ephemeral here: dbt never defers it to "prod"."core"."t"`]])
})

compiling('a default selector is what --favor-state takes for selected', async () => {
  const favor = 'compile --defer --favor-state --output jsonl'
  const all = await cli(SHOP, favor)
  assert.match(String(recordsOf(all.out).get('model.p.m')?.['compiled_code']), /"dev"\."dev_me"\."t"/)
  const only = await cli(`${SHOP}  //- selectors.yml\n  selectors: [{name: only_m, default: true, definition: 'm'}]\n`, favor)
  assert.equal([...recordsOf(only.out).keys()], ['model.p.m'])
  assert.match(String(recordsOf(only.out).get('model.p.m')?.['compiled_code']), /"prod"\."core"\."t"/)
})

const HALVED = `
  //- functions/half.sql
  select 1
  //- functions/half.yml
  functions: [{name: half, arguments: [{name: x, data_type: int}], returns: {data_type: int}}]
  //- models/e.sql
  {{ config(materialized='ephemeral') }}select 1 as id
  //- models/m.sql
  select {{ function('half') }}(id) from {{ ref('t') }}, {{ ref('e') }}
  //- models/t.sql
  select 1 as id
  //- state/manifest.json
  {"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json", "dbt_version": "1.12.6", "adapter_type": "duckdb", "project_name": "p"}, "nodes": {},
    "functions": {"function.p.half": {"unique_id": "function.p.half", "name": "half", "resource_type": "function", "package_name": "p", "fqn": ["p", "half"], "alias": "half", "schema": "core", "database": "prod", "config": {}, "path": "half.sql", "original_file_path": "functions/half.sql"}}}
`

compiling('--empty: no rows of refs, functions as they are, deferred or not; resolve shows what is printed', async () => {
  for (const [words, half] of [['', '"dev"."dev_me"."half"'], [' --defer --state state', '"prod"."core"."half"']] as const) {
    const { out } = await cli(HALVED, `compile -s m --empty --exists all --output jsonl${words}`)
    assert.match(String(recordsOf(out).get('model.p.m')?.['compiled_code']), `select ${half}(id) from (select * from "dev"."dev_me"."t" where false limit 0), (select * from __dbt__cte__e where false limit 0)`)
    const records = (await cli(HALVED, `resolve models/m.sql --empty --exists all --output jsonl${words}`)).out.trimEnd().split('\n').map((line) => (JSON.parse(line) as { relation: string }).relation)
    assert.equal(records, [half, '(select * from "dev"."dev_me"."t" where false limit 0)', '(select * from __dbt__cte__e where false limit 0)'])
  }
})

compiling.run()
