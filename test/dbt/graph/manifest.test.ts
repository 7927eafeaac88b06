import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { buildManifest } from '../../../server/dbt/graph/manifest.ts'
import { parseFixture } from '../../support/fixture.ts'
import { inputOf } from '../../support/manifest-of.ts'

const x = suite('manifest')

/** One line a node: id, relation, parents; then one a problem: code at `the text it marks`. */
function shown(template: string): string[] {
  const { files } = parseFixture(template)
  const { manifest } = buildManifest(inputOf(files))
  const nodes = [...manifest.nodes.values()].map(node => `${node.unique_id} ${node.relation_name ?? '-'} <- ${node.depends_on.nodes.join(', ')}`)
  const problems = [...manifest.problems, ...[...manifest.nodes.values()].flatMap(node => node.problems)]
  return [...nodes, ...problems.map(({ code, severity, place }) => `${severity} ${code} at \`${files.get(place.path)?.slice(place.start, place.end) ?? ''}\``)]
}

x('refs, names, levels', () => {
  assert.equal(shown(`
    //- dbt_project.yml
    name: p
    profile: p
    models: {p: {sub: {+schema: deep}}}
    //- profiles.yml
    p: {target: dev, outputs: {dev: {type: duckdb, path: dev.duckdb, schema: main}}}
    //- models/a.sql
    select 1
    //- models/sub/b.sql
    {{ config(alias='bee') }} select * from {{ ref('a') }}
  `), ['model.p.a "dev"."main"."a" <- ', 'model.p.b "dev"."main_deep"."bee" <- model.p.a'])
})

x('what is wrong is marked at the argument', () => {
  assert.equal(shown(`
    //- dbt_project.yml
    name: p
    profile: p
    //- profiles.yml
    p: {target: dev, outputs: {dev: {type: duckdb, path: dev.duckdb, schema: main}}}
    //- models/a.sql
    select * from {{ ref('nowhere') }}, {{ source('s', 't') }}, {{ ref('off') }}
    //- models/off.sql
    {{ config(enabled=false) }} select 1
    //- models/_m.yml
    models: [{name: gone, data_tests: [unique: {column_name: id}]}]
  `).filter(line => !line.includes('<-')), [
    "warning yaml-no-node at `gone`", "error ref-not-found at `nowhere`", "error source-not-found at `t`", "error ref-disabled at `off`", 'warning ref-not-found at `unique`',
  ])
})

x.run()
