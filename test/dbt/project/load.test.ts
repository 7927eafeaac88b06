import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { loadProject } from '../../../server/dbt/project/load.ts'
import { parseFixture } from '../../support/fixture.ts'
import { surroundings } from '../../support/memory-disk.ts'

const loading = suite('project load')
const options = { cli: {}, rules: '1.12', installedDbt: null, stateVersion: null }

function load(template: string, more: { readonly env?: Record<string, string>; readonly bare?: boolean; readonly options?: object } = {}) {
  const fixture = parseFixture(template, { bare: more.bare ?? false })
  return loadProject(fixture.root, fixture.disk, surroundings(more.env), { ...options, ...more.options })
}

loading('the smallest project', () => {
  const project = load('select 1')
  assert.equal(project.problems, [])
  assert.is(project.root.name, 'p')
  assert.equal(project.root.paths.model, ['models'])
  assert.equal([project.target?.name, project.target?.database, project.target?.schema, project.target?.databaseFile], ['dev', 'dev', 'dev_me', '/p/dev.duckdb'])
  assert.is(project.targetPath, '/p/target')
  assert.is(project.adapter.type, 'duckdb')
})

loading.run()
