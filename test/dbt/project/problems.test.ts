// What dbt 1.12.6 says first of broken configuration: test/golden/project-problems.json was recorded by running `dbt parse` (message null: it took the project).
import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { loadProject } from '../../../server/dbt/project/load.ts'
import { parseFixture } from '../../support/fixture.ts'
import { memoryDisk, surroundings } from '../../support/memory-disk.ts'

const problems = suite('project problems')
const recorded = JSON.parse(readFileSync(new URL('../../golden/project-problems.json', import.meta.url), 'utf8')) as { case: string; files: Record<string, string>; message: string | null }[]
const options = { cli: {}, rules: '1.12', installedDbt: '1.12.6', stateVersion: null }

for (const { case: name, files, message } of recorded) {
  problems(`${name}: ${files['dbt_project.yml'] ?? ''}`, () => {
    const disk = memoryDisk(Object.fromEntries(Object.entries(files).map(([path, text]) => [`/p/${path}`, text])))
    const errors = loadProject('/p', disk, surroundings({ DBT_ENV_SECRET_A: 's3cret' }), options).problems.filter((problem) => problem.severity === 'error')
    assert.is(errors[0]?.message.trim() ?? null, message)
    assert.not(JSON.stringify(errors).includes('s3cret'))
  })
}

function labelled(template: string): void {
  const fixture = parseFixture(template)
  const found = loadProject(fixture.root, fixture.disk, surroundings(), options).problems.map(({ code, severity, place }) => ({ path: place.path, start: place.start, end: place.end, text: `${severity} ${code}` })).toSorted((a, b) => a.start - b.start)
  assert.equal(found, fixture.labels)
}

problems('documents of which dbt makes more than is read here are named', () => {
  const named = (files: Record<string, string>, rules: string): string[] => loadProject('/p', memoryDisk({ '/p/profiles.yml': '', ...files }), surroundings(), { ...options, rules }).problems.flatMap(({ code, place }) => (code === 'osi-unread' ? [place.path] : []))
  const project = 'name: p\nprofile: p\n'
  assert.equal(named({ '/p/dbt_project.yml': project, '/p/osi/deep/a.json': '{}', '/p/osi/b.txt': '' }, '1.12'), ['/p/osi/deep/a.json'])
  assert.equal(named({ '/p/dbt_project.yml': `${project}osi-paths: [models/osi]\n`, '/p/osi/a.json': '{}', '/p/models/osi/c.json': '{}' }, '1.12'), ['/p/models/osi/c.json'])
  assert.equal(named({ '/p/dbt_project.yml': project, '/p/osi/a.json': '{}' }, '1.11'), [])
})

problems('stand at their places', () => {
  labelled(`
    //- dbt_project.yml
    name: p
    profile: p
    foo: 1
    ^^^ error config-unknown
    model-paths: ["{{ env_var('NOPE') }}"]
                # ^^^^^^^^^^^^^^^^^^^^^^^ error env-var-missing
  `)
  labelled(`
    //- dbt_project.yml
    name: p-1
        # ^^^ error project-invalid
    profile: p
  `)
})

problems('a missing target stands at the profile’s target, a package at its entry', () => {
  labelled(`
    //- profiles.yml
    p:
      target: nope
            # ^^^^ error target-not-found
      outputs:
        dev: {type: duckdb}
  `)
  labelled(`
    //- packages.yml
    packages:
      - {package: dbt-labs/dbt_utils, version: 1.0.0}
      # ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error package-not-installed
  `)
})

problems('packages.yml is rendered, dependencies.yml is not', () => {
  labelled(`
    //- dbt_packages/dep/dbt_project.yml
    name: dep
    //- packages.yml
    packages:
      - local: "{{ env_var('NOWHERE', 'dbt_packages/' ~ var('which', 'dep')) }}"
  `)
  labelled(`
    //- dbt_packages/dep/dbt_project.yml
    name: dep
    //- packages.yml
    packages:
      - local: "{{ env_var('NOWHERE') }}"
             # ^^^^^^^^^^^^^^^^^^^^^^^^^^ error env-var-missing
  `)
  labelled(`
    //- dbt_packages/dep/dbt_project.yml
    name: dep
    //- dependencies.yml
    packages:
      - local: "{{ env_var('NOWHERE') }}"
  `)
})

problems('one broken variable costs no more than its own value', () => {
  const fixture = parseFixture(`
    //- dbt_project.yml
    name: p
    profile: p
    models:
      p:
        +schema: "{{ env_var('NOPE') }}"
        +tags: [a]
    vars: {x: "{{ env_var('NOT_RENDERED') }}"}
    on-run-start: "{{ log('x') }}"
  `)
  const project = loadProject(fixture.root, fixture.disk, surroundings(), options)
  assert.equal(project.problems.map((problem) => problem.message), ["Env var required but not provided: 'NOPE'"])
  assert.ok(project.root.configs.has('models'))
  assert.is(project.root.vars.get('x'), "{{ env_var('NOT_RENDERED') }}")
  assert.equal(project.root.onRunStart.map((hook) => hook.sql), ["{{ log('x') }}"])
  assert.is(project.target?.schema, 'dev_me')
})

problems.run()
