import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { assemble } from '../../../server/dbt/assemble.ts'
import { compileNode } from '../../../server/dbt/compile/compile.ts'
import { compileInline } from '../../../server/dbt/compile/inline.ts'
import { compiledPath } from '../../../server/dbt/compile/layout.ts'
import type { Compiled } from '../../../server/dbt/compile/types.ts'
import type { Snapshot } from '../../../server/dbt/snapshot.ts'
import { DEFAULTS, requestOf } from '../../../server/ide/settings.ts'
import { snapshotOf } from '../../support/snapshot.ts'

const compiling = suite('compile')

function compiled(snapshot: Snapshot, name: string): Compiled {
  const node = Array.from(snapshot.manifest.nodes.values()).find((each) => each.name === name)
  assert.ok(node, name)
  const result = node ? compileNode(snapshot, node) : null
  assert.ok(result)
  return result as Compiled
}

const EPHEMERAL = `
  //- models/eph.sql
  {{ config(materialized='ephemeral') }}select 1 as id
  //- models/m.sql
  with a as (select * from {{ ref('eph') }})
  select * from a join {{ ref('t') }} using (id)
  //- models/t.sql
  select 2 as id
`

compiling('pieces join to the compiled text and know where they come from', async () => {
  const { snapshot, fixture } = await snapshotOf(EPHEMERAL)
  const result = compiled(snapshot, 'm')
  assert.is(result.compiled_code, 'with  __dbt__cte__eph as (\nselect 1 as id\n), a as (select * from __dbt__cte__eph)\nselect * from a join "dev"."main"."t" using (id)'.replace('"dev"."main"', relationOf(snapshot, 't')))
  assert.is(result.pieces.map((piece) => piece.text).join(''), result.compiled_code)
  assert.equal(result.ctes, ['model.p.eph'])
  const text = fixture.files.get('/p/models/m.sql') ?? ''
  for (const { text: part, source, resolutions } of result.pieces) {
    if (source && resolutions.length === 0) assert.is(text.slice(source.start, source.end), part)
  }
  const read = result.pieces.find((piece) => piece.resolutions.some((each) => each.target === 'model.p.t'))
  assert.is(read?.source && text.slice(read.source.start, read.source.end), "ref('t')")
  assert.is(result.pieces.find((piece) => piece.cte !== null)?.text, 'select 1 as id')
})

function relationOf(snapshot: Snapshot, name: string): string {
  const node = snapshot.manifest.nodes.get(`model.p.${name}`)
  return `"${node?.database}"."${node?.schema}"`
}

compiling('the arguments of the command: what is told is known, the rest is not', async () => {
  const { snapshot } = await snapshotOf(`
    //- models/known.sql
    {% set given = invocation_args_dict %}{{ given.which }} {{ given['vars'] }} {{ given.get('full_refresh', 'no') }} {{ given.empty }} {{ given.defer }} {{ given is mapping }} {{ 'full_refresh' in given }}
    //- models/unknown.sql
    {{ invocation_args_dict.log_path }}
    //- models/all.sql
    {% for key, value in invocation_args_dict.items() %}{{ key }}{% endfor %}
  `)
  assert.is(compiled(snapshot, 'known').compiled_code, 'compile {} no False False True False')
  for (const name of ['unknown', 'all']) assert.equal(compiled(snapshot, name).unknown.map(({ code }) => code), ['invocation'])
})

compiling('an unknown relation keeps its place, the rest is there', async () => {
  const { snapshot } = await snapshotOf(`
    //- models/m.sql
    select {{ 1 + 1 }}, {{ run_started_at }} from x
  `)
  const result = compiled(snapshot, 'm')
  assert.is(result.compiled_code, null)
  assert.is(result.error, null)
  assert.is(result.unknown.length, 1)
  assert.is(result.unknown[0]?.place.path, '/p/models/m.sql')
  assert.equal(result.pieces.map((piece) => piece.text), ['select ', '2', ', ', null, ' from x'])
})

compiling('a ref that dbt does not know while parsing is refused in its words', async () => {
  const { snapshot } = await snapshotOf(`
    //- models/m.sql
    {% if execute %}select * from {{ ref('t', v=none) }}{% endif %}
    //- models/t.sql
    select 1
  `)
  const { error, compiled_code } = compiled(snapshot, 'm')
  assert.is(compiled_code, null)
  assert.ok(error?.message.startsWith('dbt was unable to infer all dependencies for the model "m".'))
  assert.ok(error?.message.endsWith("-- depends_on: {{ ref('t') }}"))
})

compiling('an edit compiles one node again and keeps the others', async () => {
  const { host, fixture } = await snapshotOf(EPHEMERAL)
  const inputs = host.open(fixture.root, requestOf(DEFAULTS), new Map(), null)
  const first = assemble(inputs, host.now(), null)
  const [m, t, eph] = ['m', 't', 'eph'].map((name) => compiled(first, name))
  const edited = (path: string, text: string): Snapshot => {
    const file = inputs.files.get(path)
    assert.ok(file)
    return assemble({ ...inputs, files: new Map([...inputs.files, ...(file ? [[path, host.unsaved(file, text)] as const] : [])]) }, host.now(), first)
  }
  const one = edited('/p/models/t.sql', 'select 3 as id')
  assert.is(compiled(one, 't').compiled_code, 'select 3 as id')
  assert.is.not(compiled(one, 't'), t)
  assert.is(compiled(one, 'eph'), eph)
  const two = edited('/p/models/eph.sql', "{{ config(materialized='ephemeral') }}select 9 as id")
  assert.ok(compiled(two, 'm').compiled_code?.includes('select 9 as id'))
  assert.is(compiled(two, 't'), t)
  assert.is(compiled(first, 'm').compiled_code, m?.compiled_code)
})

for (const [config, known] of [['begin', true], ['cluster_by', true], ['alias', false], ['event_time', false]] as const) {
  compiling(`a ${config} that hangs on the clock ${known ? 'is its model\'s own affair' : 'is no such thing'}`, async () => {
    const { snapshot } = await snapshotOf(`
      //- models/t.sql
      {{ config(${config}=modules.datetime.datetime.now().isoformat()) }} select 1 as id
      //- models/m.sql
      select * from {{ ref('t') }}
    `)
    const { compiled_code, unknown } = compiled(snapshot, 'm')
    assert.is(compiled_code, known ? `select * from ${relationOf(snapshot, 't')}."t"` : null)
    assert.equal(unknown.map(({ code }) => code), known ? [] : ['now'])
  })
}

compiling('where dbt writes it', () => {
  const at = (node: Partial<Parameters<typeof compiledPath>[0]>, snapshotsCompileIntoFolder = true, batch?: Parameters<typeof compiledPath>[2]) =>
    compiledPath({ package_name: 'p', path: 'a/m.sql', original_file_path: 'models/a/m.sql', name: 'm', resource_type: 'model', ...node }, { snapshotsCompileIntoFolder }, batch)
  assert.is(at({}), 'compiled/p/models/a/m.sql')
  assert.is(at({ path: 'not_null_m_id.sql', original_file_path: 'models/schema.yml', resource_type: 'test' }), 'compiled/p/models/schema.yml/not_null_m_id.sql')
  const snapshot = { path: 's.sql', original_file_path: 'snapshots/s.sql', name: 's', resource_type: 'snapshot' } as const
  assert.is(at(snapshot), 'compiled/p/snapshots/s.sql/s.sql')
  assert.is(at(snapshot, false), 'compiled/p/snapshots/s.sql')
  assert.is(at({}, true, { id: '20240101', suffix: '2024-01-01', start: 0n, end: 0n }), 'compiled/p/models/a/m/m_2024-01-01.sql')
  for (const path of ['../../../x.sql', 'a/../../../../x.sql', '..\\..\\..\\..\\x.sql']) assert.is(at({ resource_type: 'test', original_file_path: 'models/s.yml', path }), null, path)
  assert.is(at({ resource_type: 'test', original_file_path: 'models/s.yml', path: '../x.sql' }), 'compiled/p/models/s.yml/../x.sql')
})

// dbt compile of these with 1.12.6.
const KEYS = "['database', 'schema', 'name', 'resource_type', 'package_name', 'path', 'original_file_path', 'unique_id', 'fqn', 'alias', 'checksum', 'config', 'tags', 'description', 'columns', 'meta', 'docs', 'unrendered_config', 'created_at', 'config_call_dict', 'unrendered_config_call_dict', "

compiling('the keys of `model` stand as in dbt', async () => {
  const { snapshot } = await snapshotOf(`
    //- models/m.sql
    {{ model.keys() | list }}
  `)
  assert.is(compiled(snapshot, 'm').compiled_code, `${KEYS}'relation_name', 'raw_code', 'doc_blocks', 'language', 'refs', 'sources', 'metrics', 'functions', 'depends_on', 'contract', 'access', 'constraints', 'primary_key']`)
  assert.is(compileInline(snapshot, '{{ model.keys() | list }}')?.compiled_code, `${KEYS}'raw_code', 'doc_blocks', 'language', 'refs', 'sources', 'metrics', 'functions', 'depends_on', 'contract']`)
  assert.is(compileInline(snapshot, '{{ model.original_file_path }} {{ model.relation_name }}')?.compiled_code, 'from remote system.sql ')
  assert.is(compileInline(snapshot, ' {{ model.checksum }}')?.compiled_code, " {'name': 'sha256', 'checksum': '67e65155409883dd0514883282de9c2d9be31b2d25bd0b2659b5de62138f1f53'}")
  assert.match(compileInline(snapshot, "{{ ref('gone') }}")?.error?.message ?? '', /\(from remote system\.sql\) depends on a node named 'gone'/)
})

compiling.run()
