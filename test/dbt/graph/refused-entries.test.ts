// Entries of property files that dbt refuses, in its words: sentences printed by real dbt 1.7, 1.8, 1.11 and 1.12 for such files.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { buildManifest } from '../../../server/dbt/graph/manifest.ts'
import { inputOf } from '../../support/manifest-of.ts'

const x = suite('refused entries of property files')

x('an expression that names nothing, and one that dbt cannot read', () => {
  const snapshot = (relation: string): string => `snapshots: [{name: s, relation: "${relation}", config: {unique_key: id, strategy: check, check_cols: all}}]`
  says(snapshot('[{}]'), 'Invalid ref or source expression: [{}]')
  says(snapshot('a'), 'Invalid jinja expression: a')
  says(snapshot("ref('a', x=1)"), "Invalid jinja expression: ref('a', x=1)")
  silent(snapshot("ref('a', v='1') }} {{ ref('b')"), 'expression:')
})

x('an access that is none, of a node of any kind', () => {
  says('seeds: [{name: d, access: all}]', 'Node seed.p.d has an invalid value (all) for the access field', { 'seeds/d.csv': 'id\n1' })
  says('models: [{name: a, config: {access: all}}]', 'Node model.p.a has an invalid value (all) for the access field')
  silent('seeds: [{name: d, access: private}]', 'access', { 'seeds/d.csv': 'id\n1' })
})

x('lists with something else than entries', () => {
  says('groups: [null]', 'Invalid groups config given in models/m.yml @ groups: [None] - expected a dict with string keys')
  says('groups: 1,2', "groups must be a list, got <class 'str'> instead: (1,2)")
  says('exposures: [{name: e, type: ml, owner: {name: o}, 1: x}]', "Invalid exposures config given in models/m.yml @ exposures: [{'name': 'e', 'type': 'ml', 'owner': {'name': 'o'}, 1: 'x'}] - expected a dict with string keys")
})

x('an export to nowhere', () => {
  const query = (config: string): string => `saved_queries: [{name: q1, query_params: {metrics: []}, exports: [{name: out, config: {${config}}}]}]`
  says(query('export_as: x'), 'Field "export_as" of type ExportDestinationType in ExportConfig has invalid value \'x\'')
  says(query('schema: s'), 'Field "export_as" of type ExportDestinationType in ExportConfig has invalid value None')
  silent(query('export_as: view'), 'export_as')
})

x('a test whose name is none', () => {
  says('models: [{name: a, columns: [{name: id, data_tests: ["1"]}]}]', 'Invalid generic test configuration given in models/m.yml: \nTest name string did not match expected pattern: 1')
})

x.run()

function says(yaml: string, sentence: string, files: Record<string, string> = {}): void {
  const said = errors(yaml, files)
  assert.ok(said.includes(sentence), `${yaml}: ${said.join('\n')}`)
}

function silent(yaml: string, word: string, files: Record<string, string> = {}): void {
  assert.equal(errors(yaml, files).filter((message) => message.includes(word)), [], yaml)
}

function errors(yaml: string, files: Record<string, string>): string[] {
  const all = { 'dbt_project.yml': 'name: p\nprofile: p\n', 'models/a.sql': 'select 1 as id', 'models/b.sql': 'select 1 as id', 'models/m.yml': yaml, ...files }
  const { manifest } = buildManifest(inputOf(new Map(Object.entries(all).map(([path, text]) => [`/p/${path}`, text])), null, '1.12'))
  const problems = [...manifest.problems, ...[...manifest.nodes.values(), ...manifest.others.values()].flatMap((each) => each.problems)]
  return problems.filter(({ severity }) => severity === 'error').map(({ message }) => message)
}
