// What the members of Jinja's context say in each dbt version, parsing and running: recorded from real dbt on a project like this one
// (an expression each, the contexts made by dbt's own loader; nothing connected). Ours is the same, or honestly unknown.

import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { draftOf } from '../../../server/dbt/compile/node-draft.ts'
import { questionsOf } from '../../../server/dbt/compile/questions.ts'
import { evaluateForParse, evaluateForRun, textOfParse } from '../../../server/dbt/context/evaluate-node.ts'
import type { NodeDraft } from '../../../server/dbt/context/types.ts'
import { buildConfig } from '../../../server/dbt/names/config.ts'
import type { Snapshot } from '../../../server/dbt/snapshot.ts'
import { parseTemplate } from '../../../server/jinja/parse.ts'
import { snapshotOf } from '../../support/snapshot.ts'

interface Recorded { readonly expression: string; readonly answers: readonly { readonly answer: string; readonly of: string }[] }

const golden = JSON.parse(readFileSync(new URL('./members.golden.json', import.meta.url), 'utf8')) as readonly Recorded[]
const ENV = { DBT_ENV_CUSTOM_ENV_TEAM: 'blue', PROBE_ENV: 'e\'n"v', PROBE_EMPTY: '', DBT_ENV_SECRET_TOKEN: 'hush-hush' }
const PROJECT = `
  //- dbt_project.yml
  name: probe
  version: '1.0'
  profile: probe
  vars: {day: '2024-01-01', number: 7, flag: true, list: [a, "b'c", 3], nested: {x: 1, y: [2]}, rendered: "{{ target.schema ~ '_x' }}", none: null, probe: {own: mine}}
  on-run-start: ["select '{{ target.name }}'"]
  query-comment: null
  models:
    +persist_docs: {relation: true, columns: false}
  //- profiles.yml
  probe: {target: dev, outputs: {dev: {type: duckdb, path: 'probe.duckdb', schema: main, threads: 3}}}
  //- models/a.sql
  {{ config(materialized='table', tags=['t1'], meta={'owner': 'me'}, custom=[1, 'a'], pre_hook="select 1", alias='other', grants={'select': ['x']}) }}select 1 as id, 'x' as name from {{ ref('b') }} join {{ ref('e') }} using (id) join {{ source('raw','rows') }} using (id) join {{ ref('s') }}
  //- models/b.sql
  select 1 as id
  //- models/e.sql
  {{ config(materialized='ephemeral') }}select 1 as id
  //- models/i.sql
  {{ config(materialized='incremental', unique_key='id', on_schema_change='fail', incremental_strategy='append') }}select 1 as id
  //- seeds/s.csv
  id,name
  1,x
  //- models/p.yml
  version: 2
  sources: [{name: raw, schema: raw_dev, tables: [{name: rows, identifier: ROWS}]}]
  models:
  - name: a
    description: the a
    columns: [{name: id, description: key, data_type: int, tests: [not_null, {unique: {config: {severity: warn, where: "id > 0"}}}, {looks: {colour: "{{ var('day') }}"}}]}]
  - name: b
    docs: {show: false}
  //- macros/m.sql
  {% macro helper(x, y=2) %}{{ x }}-{{ y }}{% endmacro %}
  {% macro ret(x) %}{{ return([x, {'k': x}]) }}{% endmacro %}
  {% macro default__disp() %}default{% endmacro %}
  {% macro disp() %}{{ return(adapter.dispatch('disp')()) }}{% endmacro %}
  {% macro stmt() %}{% call statement('q', fetch_result=True) %}select 1{% endcall %}{{ load_result('q') }}{% endmacro %}
  {% test looks(model, column_name, colour) %}select * from {{ model }} where {{ column_name }} = '{{ colour }}'{% endtest %}
`
/** Differs, and is known: which release of a library beside dbt is installed decides. */
const KNOWN = new Set(['api.Relation.create(identifier=3)', 'adapter.build_catalog_relation(model)', 'adapter.build_catalog_relation(config.model)', 'config.get(3)', 'api.Relation.get_relation_type()', 'adapter.commit()'])
const KNOWN_1_7 = new Set(['env', 'target', 'target|tojson', 'target.items()|list', 'exceptions.raise_not_implemented(\'x\')', 'exceptions.raise_cache_inconsistent(\'x\')'])

const test = suite('members of the context, by version')

for (const version of ['1.7', '1.8', '1.10', '1.11', '1.12']) {
  for (const mode of ['parse', 'run'] as const) {
    test(`${version} ${mode}`, async () => {
      const { snapshot } = await snapshotOf(`${PROJECT}  //- .dbt-defer-ls.yml\n  rules: '${version}'\n`, { env: ENV })
      const differences: { readonly expression: string; readonly dbt: string; readonly ours: string }[] = []
      let known = 0
      for (const { expression, answers } of golden) {
        const theirs = answers.find(({ of }) => of === 'all' || of === mode || of.split(', ').includes(`${version} ${mode}`))
        if (!theirs || KNOWN.has(expression) || (version === '1.7' && KNOWN_1_7.has(expression))) continue
        const ours = (mode === 'parse' ? atParse : atRun)(snapshot, `{{ ${expression} }}`)
        if (ours === 'U') continue
        known++
        if (ours !== theirs.answer) differences.push({ expression, dbt: theirs.answer, ours })
      }
      assert.equal(differences, [])
      assert.ok(known > 380, `${known} known`)
    })
  }
}

function nodeOf(snapshot: Snapshot) {
  const node = snapshot.manifest.nodes.get('model.probe.a')
  if (!node) throw new Error('no model a')
  return node
}

/** Named as dbt names it before it has rendered anything, and without the static parser. */
function atParse(snapshot: Snapshot, text: string): string {
  const { world, project } = snapshot
  const node = nodeOf(snapshot)
  const { config } = buildConfig(project, { type: node.resource_type, packageName: node.package_name, fqn: node.fqn, patch: null, inFile: null })
  const draft: NodeDraft = {
    ...draftOf(node), offset: 0, config, version: null, database: project.target?.database ?? null, schema: project.target?.schema ?? '', alias: node.name,
    declared: { checksum: node.checksum, index: null, tags: [], test: null },
  }
  const rendering = { ...world, project: { ...project, flags: { ...project.flags, staticParser: { value: false, from: 'default' as const } } } }
  const { problem } = evaluateForParse(rendering, draft, () => parseTemplate(text))
  if (problem) return `E ${firstPart(problem.message)}`
  const rendered = textOfParse(rendering, draft, () => parseTemplate(text))
  return rendered === null ? 'U' : `T ${rendered}`
}

function atRun(snapshot: Snapshot, text: string): string {
  const node = nodeOf(snapshot)
  const { text: printed, error } = evaluateForRun(snapshot.world, { ...draftOf(node), raw_code: text, offset: 0 }, parseTemplate(text), questionsOf(snapshot, node, null).run)
  return error ? `E ${firstPart(error.message)}` : printed === null ? 'U' : `T ${printed}`
}

/** Without the place and the hint. */
function firstPart(message: string): string { return (message.replace(/\n  line \d+\n[^]*/, '').replace(/\. This can happen when calling a macro[^]*/, '').split('\n> ')[0] ?? '').trim() }

test.run()
