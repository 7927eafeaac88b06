import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { loadProject } from '../../../server/dbt/project/load.ts'
import { findInstalledDbt } from '../../../server/dbt/project/installed-dbt.ts'
import { parseCliVars } from '../../../server/dbt/project/vars.ts'
import { parseDotenv } from '../../../server/dbt/project/dotenv.ts'
import { jsonDumps } from '../../../server/jinja/python/json-dumps.ts'
import { PyDict } from '../../../server/jinja/value.ts'
import { parseFixture } from '../../support/fixture.ts'
import { memoryDisk, surroundings } from '../../support/memory-disk.ts'

const loading = suite('project load')
const options = { cli: {}, rules: '1.12', installedDbt: null, stateVersion: null }

interface More { readonly env?: Record<string, string>; readonly bare?: boolean; readonly cwd?: string; readonly rules?: string; readonly cli?: object }

function load(template: string, { env, bare = false, cwd, rules = '1.12', cli = {} }: More = {}) {
  const fixture = parseFixture(template, { bare })
  return loadProject(fixture.root, fixture.disk, surroundings(env, cwd), { ...options, rules, cli })
}

const modelsOf = (value: ReadonlyMap<string, unknown>): string => jsonDumps(value.get('models') as PyDict, {}, { spend(): void {} })
const target = (project: ReturnType<typeof load>): string => jsonDumps(new PyDict(project.target?.context ?? []), {}, { spend(): void {} })

loading('the smallest project', () => {
  const project = load('select 1')
  assert.equal(project.problems, [])
  assert.is(project.root.name, 'p')
  assert.equal(project.root.paths.model, ['models'])
  assert.equal([project.target?.name, project.target?.database, project.target?.schema, project.target?.databaseFile], ['dev', 'dev', 'dev_me', '/p/dev.duckdb'])
  assert.is(project.targetPath, '/p/target')
  assert.is(project.adapter.type, 'duckdb')
})

loading('config: of profiles.yml counts where dbt_project.yml has no flags:, and both are refused, in 1.7.20 as in 1.12', () => {
  const profiles = `
    //- profiles.yml
    config: {version_check: false}
    p: {target: dev, outputs: {dev: {type: duckdb, path: dev.duckdb, schema: main}}}
  `
  for (const rules of ['1.7', '1.12']) {
    const old = load(profiles, { rules })
    assert.equal([old.flags.versionCheck, old.problems], [{ value: false, from: 'config: of profiles.yml' }, []])
    const both = load(`${profiles}\n    //- dbt_project.yml\n    name: p\n    version: 1.0.0\n    profile: p\n    flags: {version_check: true}`, { rules })
    assert.equal(both.problems.map(({ code, severity, message }) => `${severity} ${code} ${message}`), ["error project-invalid Do not specify both 'config' in profiles.yml and 'flags' in dbt_project.yml. Using 'config' in profiles.yml is deprecated."])
  }
  assert.is(load(profiles, { rules: '2' }).flags.versionCheck.value, true)
})

loading('target: rendered output, dbt’s order, threads, the names', () => {
  const project = load(`
    //- profiles.yml
    p:
      target: "{{ env_var('T', 'dev') }}"
      outputs:
        dev: {type: duckdb, path: "/x/{{ var('v') }}.duckdb", threads: "{{ 3 | as_number }}"}
        other: {type: duckdb, path: "{{ env_var('NOPE') }}"}
  `, { cli: { vars: '{v: name}' } })
  assert.equal(project.problems, [])
  assert.is(target(project), '{"database": "name", "schema": "main", "path": "/x/name.duckdb", "config_options": null, "extensions": null, "settings": {}, "external_root": ".", "use_credential_provider": null, "attach": null, "filesystems": null, "remote": null, "plugins": null, "disable_transactions": false, "type": "duckdb", "threads": 3, "name": "dev", "target_name": "dev", "profile_name": "p"}')
  assert.equal(project.target?.names, ['dev', 'other'])
})

loading('profiles.yml: the current directory, else home; --profiles-dir; --target', () => {
  const text = `
    //- /home/me/.dbt/profiles.yml
    p: {outputs: {default: {type: duckdb, schema: home}, other: {type: duckdb, schema: other}}}
    //- /w/profiles.yml
    p: {outputs: {default: {type: duckdb, schema: here}}}
    //- dbt_project.yml
    name: p
    profile: p
  `
  const schema = (more: More): string | undefined => load(text, { bare: true, ...more }).target?.schema
  assert.is(schema({ cwd: '/elsewhere' }), 'home')
  assert.is(schema({ cwd: '/w' }), 'here')
  assert.is(schema({ cwd: '/w', env: { DBT_PROFILES_DIR: '/home/me/.dbt', DBT_TARGET: 'other' } }), 'other')
  assert.is(schema({ cwd: '/elsewhere', cli: { target: 'other' } }), 'other')
})

loading('without a profile the project still loads', () => {
  const project = load('//- dbt_project.yml\nname: p\nprofile: zzz\n')
  assert.is(project.target, null)
  assert.is(project.adapter.known, false)
  assert.equal(project.problems.map((problem) => problem.code), ['profile-not-found'])
})

loading('secrets are stars, and only where dbt allows them', () => {
  const project = load(`
    //- profiles.yml
    p: {target: dev, outputs: {dev: {type: postgres, host: "{{ env_var('DBT_ENV_SECRET_H') }}", user: u, port: 1, password: "{{ hunter2", dbname: d, schema: s}}}
  `, { env: { DBT_ENV_SECRET_H: 'hidden' } })
  assert.equal(project.problems, [])
  assert.is(project.target?.context.get('host'), '*****')
  assert.not(target(project).includes('hunter2'))
})

loading('configuration sees vars.yml, the command line over it, env and target; packages see no vars', () => {
  const project = load(`
    //- vars.yml
    vars: {a: file, b: file}
    //- dbt_project.yml
    name: p
    profile: p
    model-paths: ["{{ var('a') }}", "{{ var('b') }}", "{{ env_var('E') }}", "{{ target.name }}"]
    models: {p: {+schema: "{{ target.schema }}", +meta: {x: "{{ 1 + 1 }}"}, post-hook: "{{ this }}"}}
    //- packages.yml
    packages: [{local: q}]
    //- dbt_packages/q/dbt_project.yml
    name: q
    version: "1.0.0"
    seed-paths: ["{{ var('a', 'none') }}", "{{ target.name }}"]
  `, { cli: { vars: '{b: cli}' }, env: { E: 'env' } })
  assert.equal(project.problems, [])
  assert.equal(project.root.paths.model, ['file', 'cli', 'env', 'dev'])
  assert.equal(project.packages.get('q')?.paths.seed, ['none', 'dev'])
  assert.equal([...project.packages.keys()], ['p', 'q'])
  assert.is(modelsOf(project.root.configs), '{"p": {"+schema": "dev_me", "+meta": {"x": "2"}, "post-hook": "{{ this }}"}}')
  assert.is(modelsOf(project.root.unrenderedConfigs), '{"p": {"+schema": "{{ target.schema }}", "+meta": {"x": "{{ 1 + 1 }}"}, "post-hook": "{{ this }}"}}')
  assert.equal([...project.root.vars.keys()], ['a', 'b'])
})

loading('flags of the project change the rules', () => {
  const project = load('//- dbt_project.yml\nname: p\nprofile: p\nflags: {require_ref_searches_node_package_before_root: true, state_modified_compare_more_unrendered_values: false}\n')
  assert.equal([project.rules.refOrder, project.rules.compareMoreUnrenderedValues], ['own-first', false])
})

loading('.env: nearest upwards, the shell wins, before 1.12 not at all', () => {
  const text = '//- /w/.env\nDBT_TARGET=prod\nX=1\n//- dbt_project.yml\nname: p\nprofile: p\n'
  assert.is(load(text, { cwd: '/w/sub/deep', env: { DBT_PROFILES_DIR: '/p' } }).target?.name, 'prod')
  assert.is(load(text, { cwd: '/w', env: { DBT_PROFILES_DIR: '/p', DBT_TARGET: 'dev' } }).target?.name, 'dev')
  assert.is(load(text, { cwd: '/w', rules: '1.11', env: { DBT_PROFILES_DIR: '/p' } }).target?.name, 'dev')
})

loading('.env syntax, as python-dotenv reads it', () => {
  const text = 'A = "x\\ty" # c\nexport B=\'${A}\'\nC=a b # c\nD="${A}-${NOPE:-d}"\nexport = 1\nE="open\nF=1\n'
  assert.equal([...parseDotenv(text, new Map([['Z', '1']]))], [['A', 'x\ty'], ['B', 'x\ty'], ['C', 'a b'], ['D', 'x\ty-d'], ['F', '1']])
})

loading('--vars must be a dictionary', () => {
  const place = { path: '/p', start: 0, end: 0 }
  assert.equal([...parseCliVars('{"a": 1, b: [x]}', place).values.keys()], ['a', 'b'])
  assert.equal(parseCliVars('a', place).problems.map((problem) => problem.message), ["Invalid value for '--vars': String 'a' is not valid YAML"])
})

loading('legacy keys, hooks, dispatch, quoting, restrict-access', () => {
  const project = load(`
    //- dbt_project.yml
    name: p
    profile: p
    source-paths: [src]
    data-paths: [data]
    tests: {p: {+severity: warn}}
    on-run-end: [a, "{{ b }}"]
    dispatch: [{macro_namespace: dbt_utils, search_order: [p, dbt_utils]}]
    quoting: {identifier: false, schema: null}
    restrict-access: true
    target-path: out
    packages-install-path: deps
  `)
  assert.equal(project.problems.map(({ severity, code, data }) => [severity, code, data?.['key']]), [['warning', 'key-deprecated', 'source-paths'], ['warning', 'key-deprecated', 'data-paths'], ['warning', 'key-deprecated', 'target-path']])
  assert.equal([project.root.paths.model, project.root.paths.seed, project.root.restrictAccess, project.targetPath, project.packagesInstallPath], [['src'], ['data'], true, '/p/out', '/p/deps'])
  assert.equal([...project.root.configs.keys(), ...project.root.quoting], ['data_tests', ['identifier', false]])
  assert.equal(project.root.onRunEnd.map(({ sql, start, end }) => [sql, project.root.file.text.slice(start, end)]), [['a', 'a'], ['{{ b }}', '"{{ b }}"']])
  assert.equal(project.root.dispatch, [{ macro_namespace: 'dbt_utils', search_order: ['p', 'dbt_utils'] }])
})

loading('broken YAML keeps what can be read and says one thing', () => {
  const project = load('//- dbt_project.yml\nname: p\nprofile: p\nmodel-paths: [m]\nvars: {a: [\n')
  assert.equal(project.problems.map((problem) => problem.code), ['yaml-syntax'])
  assert.equal([project.root.name, project.root.paths.model, project.target?.name], ['p', ['m'], 'dev'])
})

loading('packages: a duplicate name, a local one that is not installed, a broken one', () => {
  const project = load(`
    //- packages.yml
    packages: [{local: a}, {local: b}, {local: ./loc}]
    //- loc/dbt_project.yml
    name: loc
    //- dbt_packages/a/dbt_project.yml
    name: same
    //- dbt_packages/b/dbt_project.yml
    name: same
  `)
  assert.equal(project.problems.map((problem) => `${problem.code} ${problem.place.path}`), ['package-not-installed /p/packages.yml', 'name-duplicate /p/dbt_packages/b/dbt_project.yml'])
  assert.equal([...project.packages.keys()], ['p', 'same', 'loc'])
})

loading('the installed dbt, by the names in site-packages', () => {
  const disk = memoryDisk({ '/w/.venv/lib/python3.11/site-packages/dbt_core-1.11.2.dist-info/METADATA': '', '/usr/local/bin/dbt': '', '/usr/local/lib/python3.12/site-packages/dbt_core-1.8.0.dist-info/METADATA': '' })
  assert.is(findInstalledDbt('/w/p', disk, surroundings())?.version, '1.11.2')
  assert.equal(findInstalledDbt('/x', disk, surroundings({ PATH: '/usr/bin:/usr/local/bin' })), { version: '1.8.0', sitePackages: '/usr/local/lib/python3.12/site-packages' })
  assert.is(findInstalledDbt('/x', disk, surroundings()), null)
})

const STARTERS = [
  '#!/home/u/pipx/venvs/dbt-core/bin/python\nimport sys\n',
  '#!/home/u/pipx/venvs/dbt-core/bin/python3.12 -E\nimport sys\n',
  "#!/bin/sh\n'''exec' /home/u/pipx/venvs/dbt-core/bin/python \"$0\" \"$@\"\n' '''\n",
  "#!/bin/sh\n'''exec' \"/home/u/pipx/venvs/dbt-core/bin/python3\" \"$0\" \"$@\"\n' '''\n",
]
for (const starter of STARTERS) {
  loading(`the dbt that a link on the PATH leads to: ${JSON.stringify(starter.slice(0, 60))}`, () => {
    const disk = memoryDisk({ '/home/u/.local/bin/dbt': starter, '/home/u/pipx/venvs/dbt-core/lib/python3.12/site-packages/dbt_core-1.10.1.dist-info/METADATA': '' })
    assert.is(findInstalledDbt('/x', disk, surroundings({ PATH: '/home/u/.local/bin' }))?.version, '1.10.1')
  })
}
loading('a dbt that pip put into the Python of Debian', () => {
  const disk = memoryDisk({ '/usr/local/bin/dbt': '#!/usr/bin/python3\n', '/usr/local/lib/python3.11/dist-packages/dbt_core-1.9.4.dist-info/METADATA': '' })
  assert.is(findInstalledDbt('/x', disk, surroundings({ PATH: '/usr/local/bin:/usr/bin' }))?.version, '1.9.4')
})
loading('a program called dbt that is no Python script', () => {
  const disk = memoryDisk({ '/home/u/.local/bin/dbt': '\u007fELF\u0000/home/u/venv/bin/python' })
  assert.is(findInstalledDbt('/x', disk, surroundings({ PATH: '/home/u/.local/bin' })), null)
})

loading('versions of a project as contracts/project.py takes them', () => {
  for (const [written, version] of [["'0.1'", '0.1'], ['1.0', '1.0'], ['1', '1'], ["'1.0.0-rc'", '1.0.0-rc'], ["'1'", null], ["'v1.0.0'", null], ["'>=1.0.0'", null]] as const) {
    const project = load(`
      //- dbt_project.yml
      name: p
      version: ${written}
    `)
    assert.is(project.root.version, version)
    assert.is(project.problems.some((problem) => problem.code === 'project-invalid'), version === null)
  }
})

loading('DuckDB: files that the target attaches, not what is no plain DuckDB file of this machine', () => {
  const project = load(`
    //- profiles.yml
    p:
      target: dev
      outputs:
        dev:
          type: duckdb
          path: dev.duckdb
          attach:
            - {path: side.duckdb, alias: side, read_only: true}
            - {path: /x/other.db}
            - {path: pg.db, type: postgres}
            - {path: 's3://bucket/far.duckdb'}
            - {path: lake.db, options: {data_path: x}}
  `)
  assert.equal(project.problems, [])
  assert.equal(project.target?.attached, [{ file: '/p/side.duckdb', database: 'side' }, { file: '/x/other.db', database: null }])
})

loading.run()
