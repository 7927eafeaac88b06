import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { isIgnored, parseIgnore } from '../../../server/dbt/project/dbtignore.ts'
import { findProjectRoot } from '../../../server/dbt/project/find-root.ts'
import { loadProject } from '../../../server/dbt/project/load.ts'
import { resourceDirectories, resourceFileSteps } from '../../../server/dbt/project/resource-files.ts'
import { drained } from '../../../server/dbt/steps.ts'
import { memoryDisk, surroundings } from '../../support/memory-disk.ts'

const files = suite('project resource files')

function listed(rules: string, project: string, paths: readonly string[], extra: Record<string, string> = {}): string[] {
  const disk = memoryDisk({ '/p/dbt_project.yml': project, ...Object.fromEntries(paths.map((path) => [`/p/${path}`, ''])), ...extra })
  const loaded = loadProject('/p', disk, surroundings(), { cli: {}, rules, installedDbt: null, stateVersion: null })
  return drained(resourceFileSteps(loaded, disk)).map((file) => `${file.kind} ${file.packageName} ${file.searchedPath}|${file.relativePath}`)
}

files('kinds, hidden files, case of extensions, folders of tests', () => {
  assert.equal(listed('1.12', 'name: p\n', [
    'models/a.sql', 'models/sub/b.py', 'models/.c.sql', 'models/#d.sql', 'models/~e.sql', 'models/!f.sql', 'models/.dir/g.SQL', 'models/.sql', 'models/h.sql.bak', 'models/s.yml', 'models/s.yaml',
    'models/readme.md', 'seeds/s.csv', 'tests/one.sql', 'tests/generic/g.sql', 'tests/fixtures/f.csv', 'tests/sub/generic/x.sql', 'macros/m.sql', 'functions/u.js', 'target/t.sql', 'snapshots/x.sql', 'analyses/a.sql',
  ]), [
    'macro p macros|m.sql', 'model p models|sub/b.py', 'model p models|!f.sql', 'model p models|a.sql', 'model p models|.dir/g.SQL', 'snapshot p snapshots|x.sql', 'analysis p analyses|a.sql',
    'singular_test p tests|one.sql', 'singular_test p tests|sub/generic/x.sql', 'generic_test p tests/generic|g.sql', 'seed p seeds|s.csv', 'docs p models|readme.md',
    'schema p models|s.yml', 'schema p models|s.yaml', 'fixture p tests/fixtures|f.csv', 'function p functions|u.js',
  ])
})

files('what versions differ in: hidden files, functions, fixtures, ..', () => {
  const paths = ['models/.a.sql', 'functions/f.sql', 'tests/fixtures/x.sql']
  assert.equal(listed('1.7', 'name: p\n', paths), ['singular_test p tests|fixtures/x.sql'])
  assert.equal(listed('1.11', 'name: p\n', paths), ['fixture p tests/fixtures|x.sql', 'function p functions|f.sql'])
  assert.equal(listed('2', 'name: p\n', paths).slice(0, 1), ['model p models|.a.sql'])
  const outside = { '/shared/m.sql': '' }
  assert.equal(listed('1.12', 'name: p\nmodel-paths: ["../shared"]\n', [], outside), ['model p ../shared|m.sql'])
  assert.equal(listed('2', 'name: p\nmodel-paths: ["../shared"]\n', [], outside), [])
})

files('.dbtignore, nested paths twice, jinja extensions by flag', () => {
  assert.equal(listed('1.12', 'name: p\n', ['models/a.sql', 'models/old/b.sql', 'models/old/keep.sql'], { '/p/.dbtignore': 'old/\n!keep.sql\n' }), ['model p models|a.sql', 'model p models|old/keep.sql'])
  assert.equal(listed('1.12', 'name: p\nmodel-paths: [models, models/sub]\n', ['models/sub/a.sql']), ['model p models|sub/a.sql', 'model p models/sub|a.sql'])
  assert.equal(listed('1.12', 'name: p\nflags: {allow_jinja_file_extensions: true}\n', ['models/a.sql.j2']), ['model p models|a.sql.j2'])
})

files('packages: their own paths and ignores; their directory names do not matter', () => {
  const names = listed('1.12', 'name: p\n', ['dbt_packages/xyz/mm/a.sql', 'dbt_packages/xyz/mm/b.sql', 'dbt_packages/__x/models/c.sql'], {
    '/p/dbt_packages/xyz/dbt_project.yml': 'name: util\nmodel-paths: [mm]\n', '/p/dbt_packages/xyz/.dbtignore': 'b.sql', '/p/packages.yml': 'packages: [{local: xyz}]',
  })
  assert.equal(names, ['model util mm|a.sql'])
})

files('directories to watch', () => {
  const disk = memoryDisk({ '/p/dbt_project.yml': 'name: p\nmodel-paths: [models, models/sub]\n' })
  const project = loadProject('/p', disk, surroundings(), { cli: {}, rules: '1.8', installedDbt: null, stateVersion: null })
  assert.equal(resourceDirectories(project), ['/p/analyses', '/p/macros', '/p/models', '/p/seeds', '/p/snapshots', '/p/tests'])
})

files('roots: the nearest, but of installed packages the project', () => {
  const disk = memoryDisk({
    '/w/dbt_project.yml': 'name: w\n', '/w/dbt_packages/u/dbt_project.yml': 'name: u\n', '/w/sub/dbt_project.yml': 'name: s\npackages-install-path: deps\n',
    '/w/sub/deps/v/dbt_project.yml': 'name: v\n', '/w/sub/deps/v/models/a.sql': '',
  })
  assert.is(findProjectRoot('/w/models/new.sql', disk), '/w')
  assert.is(findProjectRoot('/w/dbt_packages/u/models/a.sql', disk), '/w')
  assert.is(findProjectRoot('/w/sub/models/a.sql', disk), '/w/sub')
  assert.is(findProjectRoot('/w/sub/deps/v/models/a.sql', disk), '/w/sub')
  assert.is(findProjectRoot('/elsewhere/a.sql', disk), null)
})

files('patterns of .dbtignore end', () => {
  const spec = parseIgnore('**/a*a*a*a*a*a*a*b\n/**/x/**/y/**/\n')
  assert.not(isIgnored(spec, `${'d/'.repeat(200)}${'a'.repeat(2000)}`))
})

files.run()
