// Models of other projects through dbt-loom's configuration. The sentences are those of dbt 1.12.6 with dbt-loom 0.9.6 on the same two projects.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { buildManifest } from '../../../server/dbt/graph/manifest.ts'
import { resolveCall } from '../../../server/dbt/graph/resolve-edges.ts'
import { makeRelation } from '../../../server/dbt/context/relation.ts'
import type { Manifest } from '../../../server/dbt/nodes/types.ts'
import type { Project } from '../../../server/dbt/project/types.ts'
import { parseFixture } from '../../support/fixture.ts'
import { inputOf } from '../../support/manifest-of.ts'

const x = suite('models of other projects')

const PROJECT = `
  //- dbt_project.yml
  name: down
  profile: down
  //- profiles.yml
  down: {target: dev, outputs: {dev: {type: duckdb, path: down.duckdb, schema: dev}}}
  //- models/own.sql
  select 1 as id
  //- models/a.sql
`

const node = (name: string, more: object): object => ({ name, package_name: 'up', resource_type: 'model', database: 'up', schema: 'prod', alias: name, relation_name: `"up"."prod"."${name}"`, config: { enabled: true }, ...more })
const UP = {
  metadata: { project_name: 'up' },
  nodes: {
    'model.up.orders': node('orders', { access: 'public', relation_name: '"up"."prod"."orders_final"', depends_on: { nodes: ['source.up.raw.t', 'model.up.inner', 'model.up.not_there'] } }),
    'model.up.inner': node('inner', { access: 'protected' }),
    'model.up.secret': node('secret', { access: 'private', group: 'g' }),
    'model.up.v.v1': node('v', { access: 'public', version: 1, latest_version: 1, relation_name: '"up"."prod"."v_v1"' }),
    'model.up.v.v2': node('v', { access: 'public', version: 2, latest_version: 1, relation_name: '"up"."prod"."v_v2"' }),
    'seed.up.rates': node('rates', { resource_type: 'seed' }),
    'model.lib.tool': node('tool', { package_name: 'lib', access: 'protected' }),
    'test.up.t': node('t', { resource_type: 'test' }),
  },
}

interface Built { readonly project: Project; readonly manifest: Manifest; readonly says: readonly string[] }

function built(sql: string, config: string, more: Readonly<Record<string, string>> = {}, env: Readonly<Record<string, string>> = {}): Built {
  const files = new Map([...parseFixture(`${PROJECT}  ${sql}\n`).files, ['/p/dbt_loom.config.yml', config], ['/up/manifest.json', JSON.stringify(UP)], ...Object.entries(more)])
  const input = inputOf(files, null, '1.12', new Map(Object.entries(env)))
  const { manifest } = buildManifest(input)
  const { project } = input.world
  return { project, manifest, says: [...project.problems, ...manifest.problems, ...[...manifest.nodes.values()].flatMap(each => each.problems)].map(each => each.message) }
}

const CONFIG = 'manifests: [{name: up, type: file, config: {path: ../up/manifest.json}}]'

/** What each ref of the model reads. */
function reads({ project, manifest }: Built): string[] {
  return (manifest.nodes.get('model.down.a')?.calls ?? []).map(call => {
    const found = resolveCall(project, manifest, 'down', call)
    const target = found.kind === 'found' ? manifest.nodes.get(found.unique_id) : undefined
    return target ? makeRelation(project.adapter, { database: target.database, schema: target.schema, identifier: target.alias }, { quoting: project.root.quoting }).render() : found.kind
  })
}

x('public models of a manifest are read where it says, versions included', () => {
  const found = built("select * from {{ ref('up', 'orders') }}, {{ ref('v') }}, {{ ref('up', 'v', v=2) }}, {{ ref('own') }}", CONFIG)
  assert.equal(found.says, [])
  assert.equal(reads(found), ['"up"."prod"."orders_final"', '"up"."prod"."v_v1"', '"up"."prod"."v_v2"', '"down"."dev"."own"'])
  assert.equal(found.manifest.nodes.get('model.down.a')?.depends_on.nodes, ['model.up.orders', 'model.up.v.v1', 'model.up.v.v2', 'model.down.own'])
  assert.equal(found.manifest.nodes.get('model.up.orders')?.depends_on.nodes, ['model.up.inner'])
  assert.not(found.manifest.nodes.has('test.up.t'))
})

const REFUSED: readonly (readonly [ref: string, says: string])[] = [
  ["ref('up', 'inner')", "Node model.down.a attempted to reference node model.up.inner, which is not allowed because the referenced node is protected to the 'up' package."],
  ["ref('inner')", "Node model.down.a attempted to reference node model.up.inner, which is not allowed because the referenced node is protected to the 'up' package."],
  ["ref('secret')", "Node model.down.a attempted to reference node model.up.secret, which is not allowed because the referenced node is private to the 'g' group."],
  ["ref('rates')", "Node model.down.a attempted to reference node seed.up.rates, which is not allowed because the referenced node is protected to the 'up' package."],
  ["ref('up', 'nope')", "Model 'model.down.a' (models/a.sql) depends on a node named 'nope' in package or project 'up' which was not found"],
  ["ref('v', v=3)", "Model 'model.down.a' (models/a.sql) depends on a node named 'v' with version '3' which was not found"],
]

for (const [ref, says] of REFUSED) x(`what is not public is refused: ${ref}`, () => assert.equal(built(`select * from {{ ${ref} }}`, CONFIG).says, [says]))

x('a package inside of another project is open, as dbt-loom leaves it', () => assert.equal(built("select * from {{ ref('lib', 'tool') }}", CONFIG).says, []))

x('packages are chosen, and the environment is put in', () => {
  const of = (more: string): string[] => [...built('select 1', `manifests: [{name: up, type: file, config: {path: $HERE/manifest.json}, ${more}}]`, {}, { HERE: '/up' }).manifest.nodes.keys()].filter(id => !id.includes('.down.'))
  assert.equal(of('excluded_packages: [up]'), ['model.lib.tool'])
  assert.is(of('included_packages: [up]').length, 6)
})

x('the project’s own node wins over a manifest of it, also when it is switched off', () => {
  const stale = JSON.stringify({ metadata: { project_name: 'down' }, nodes: { 'model.down.own': node('own', { package_name: 'down' }), 'model.down.off': node('off', { package_name: 'down' }) } })
  const found = built("select * from {{ ref('own') }}", 'manifests: [{name: down, type: file, config: {path: /old.json}}]', { '/old.json': stale, '/p/models/off.sql': '{{ config(enabled=false) }} select 1' })
  assert.equal(reads(found), ['"down"."dev"."own"'])
  assert.not(found.manifest.nodes.has('model.down.off'))
})

x('of a manifest that is elsewhere nothing is known: what is not found may be in it', () => {
  const found = built("select * from {{ ref('elsewhere') }}, {{ ref('up', 'x') }}, {{ ref('down', 'nope') }}", `${CONFIG.slice(0, -1)}, {name: far, type: s3, config: {bucket_name: b, object_name: o}}]`)
  assert.equal(found.says, [
    "The manifest of 'far' (s3) is not read here: what it holds is not known, and a ref() that is not found may be in it.",
    "Model 'model.down.a' (models/a.sql) depends on a node named 'nope' in package or project 'down' which was not found",
  ])
})

x('a manifest that is not there, is no JSON, or is configured wrongly', () => {
  const says = (entry: string, more: Readonly<Record<string, string>> = {}): readonly string[] => built('select 1', `manifests: [${entry}]`, more).says
  assert.equal(says('{name: g, type: file, config: {path: gone.json}}'), ['The path `/p/gone.json` does not exist.'])
  assert.equal(says('{name: g, type: file, optional: true, config: {path: gone.json}}'), [])
  assert.equal(says('{name: g, type: file, config: {path: /bad.json}}', { '/bad.json': '{' }), ['/bad.json is no manifest: it cannot be read as JSON'])
  assert.equal(says('{name: g, type: file, config: {path: /up/manifest.json}, included_packages: [a], excluded_packages: [b]}'), ["Cannot specify both 'included_packages' and 'excluded_packages'. Use one or the other."])
})

x.run()
