// Sources of DuckDB that are files. The answers are those of dbt-duckdb 1.11.1 with dbt 1.12.6; whole projects: test/conformance, edition-sources.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { buildManifest } from '../../../server/dbt/graph/manifest.ts'
import { parseFixture } from '../../support/fixture.ts'
import { inputOf } from '../../support/manifest-of.ts'

const x = suite('sources that are files')

const manifest = (meta: string) => buildManifest(inputOf(parseFixture(`
  //- dbt_project.yml
  name: p
  version: 1.0.0
  profile: p
  //- profiles.yml
  p: {target: dev, outputs: {dev: {type: duckdb, path: dev.duckdb, schema: main}}}
  //- models/s.yml
  sources: [{name: s, tables: [{name: t, meta: ${meta}}]}]
`).files)).manifest

for (const [meta, said] of [
  ['{external_location: "data/{name}.{kind}", kind: csv}', "'data/t.csv'"],
  ['{external_location: "read_csv(\'{schema}/{identifier}.csv\')"}', "read_csv('s/t.csv')"],
  ['{external_location: "%(name)s", formatter: oldstyle}', "'t'"],
  ['{external_location: "${name}_$schema", formatter: template}', "'t_s'"],
  ['{external_location: "{name}", plugin: excel}', '"dev"."s"."t"'],
] as const) {
  x(meta, () => {
    assert.is(manifest(meta).sources.get('source.p.s.t')?.relation_name, said)
  })
}

for (const [meta, said] of [
  ['{external_location: "{nope}"}', "'nope'"],
  ['{external_location: a, formatter: x}', "Formatter x not recognized. Must be one of 'newstyle', 'oldstyle', or 'template'."],
  ['{external_location: 5}', "'int' object has no attribute 'format_map'"],
  ['{external_location: "a $", formatter: template}', 'Invalid placeholder in string: line 1, col 3'],
] as const) {
  x(`refused: ${meta}`, () => {
    assert.equal(manifest(meta).problems.map(({ message }) => message), [said])
  })
}

x.run()
