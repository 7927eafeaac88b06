import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { keepFacts, openProject } from '../../server/cli/open.ts'
import { parseArguments } from '../../server/cli/options.ts'
import { warmthOf } from '../../server/dbt/assemble.ts'
import type { SourceFile } from '../../server/dbt/files.ts'
import type { Inputs } from '../../server/dbt/inputs.ts'
import { makeFactsStore } from '../../server/host/facts-store.ts'
import { createProjectHost } from '../../server/host/project-host.ts'
import { DEFAULTS, requestOf } from '../../server/ide/settings.ts'
import { nodeDisk, readText, writeText } from '../../server/host/disk.ts'
import { readSeed, seedsForUnitTests } from '../../server/host/files.ts'
import { findProgram } from '../../server/host/find-program.ts'
import { environmentOf } from '../../server/host/surroundings.ts'
import { startWatcher } from '../../server/host/watch.ts'

interface Context { root: string }
const host = suite<Context>('host')

host.before.each((context) => { context.root = mkdtempSync(`${tmpdir()}/host-`) })
host.after.each((context) => { rmSync(context.root, { recursive: true, force: true }) })

host('bytes that are no text', ({ root }) => {
  const write = (name: string, bytes: string | Buffer): string => { writeFileSync(`${root}/${name}`, bytes); return `${root}/${name}` }
  const { stamp: _, ...bom } = readText(write('bom.sql', '\ufeffselect 1')) ?? { stamp: '' }
  assert.equal(bom, { text: '\ufeffselect 1', size: 11, undecodable: null, cutAt: null })
  assert.is(readText(write('utf16.sql', Buffer.from('\ufeffselect 1', 'utf16le')))?.undecodable, "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte")
  assert.is(readText(write('binary.sql', Buffer.from([1, 0, 2, 255])))?.undecodable, "'utf-8' codec can't decode byte 0xff in position 3: invalid start byte")
  assert.is(readText(write('latin.sql', Buffer.from([0x61, 0xe9, 0x62])))?.text, 'a\ufffdb')
  assert.is(readText(write('long.sql', 'aé'.repeat(10)), 8)?.text, 'aéaéa')
  assert.is(readText(write('long2.sql', 'ééééé'), 7)?.text, 'ééé')
  assert.is(readText(`${root}/nothing`), null)
  assert.is(readText(root), null)
})

host('links: followed for their kind, marked, circles and dead ones left out', ({ root }) => {
  mkdirSync(`${root}/real`)
  writeFileSync(`${root}/real/a.sql`, '')
  symlinkSync(`${root}/real`, `${root}/linked`)
  symlinkSync(`${root}/real/a.sql`, `${root}/b.sql`)
  symlinkSync(`${root}/circle`, `${root}/circle`)
  symlinkSync(`${root}/gone`, `${root}/dead`)
  assert.equal(nodeDisk.list(root), [
    { name: 'b.sql', kind: 'file', link: true }, { name: 'linked', kind: 'directory', link: true }, { name: 'real', kind: 'directory' },
  ])
  for (const path of [`${root}/circle`, `${root}/b.sql/below`, `${root}/${'x'.repeat(300)}`]) assert.is(nodeDisk.kind(path), null)
  assert.is(writeText(`${root}/new/deep/c.sql`, 'select 1'), null)
  assert.is(readText(`${root}/new/deep/c.sql`)?.text, 'select 1')
  assert.match(writeText(`${root}/b.sql/c.sql`, '') ?? '', /EEXIST|ENOTDIR/)
})

host('a big seed is its header, any the checksum of dbt', ({ root }) => {
  const path = `${root}/s.csv`
  writeFileSync(path, '\r\n"a\nb",c\r\n1,2\r\n\u0085')
  // hashes of '"a\nb",c\n1,2' and of '"a\nb",c\r\n1,2'
  const modern = readSeed(path, { seedNewlines: 'universal', seedSizeLimit: 1048576 })
  const old = readSeed(path, { seedNewlines: 'kept', seedSizeLimit: 1048576 })
  assert.is(modern?.checksum, '3f70e2eb5ca1efc8572066b58b854ad67d409ae493b0d53af485a6dcced6f97c')
  assert.is(old?.checksum, '68b7b018d00218cbfcf0554b04b03c5da074cc9c2c4dab56720382a6550d96f6')
  writeFileSync(path, '"x\ny",c\r\n1,2\r\n')
  assert.is(readSeed(path, { seedNewlines: 'universal', seedSizeLimit: 1048576 })?.text, '"x\ny",c\r\n1,2\r\n')
  writeFileSync(path, `"x\ny",c\r\n${'1,2\r\n'.repeat(20_000)}`)
  assert.is(readSeed(path, { seedNewlines: 'universal', seedSizeLimit: 1048576 })?.text, '"x\ny",c')
  assert.is(readSeed(path, { seedNewlines: 'universal', seedSizeLimit: 4 })?.headerOnly, true)
  const whole = readSeed(path, { seedNewlines: 'universal', seedSizeLimit: 1048576 }, 'rows')
  assert.equal([whole?.text.length, whole?.headerOnly], [whole?.size, undefined])
  assert.is(readSeed(path, { seedNewlines: 'universal', seedSizeLimit: 4 })?.checksum, undefined)
})

host('of big seeds, those that a file with unit tests names are read whole', () => {
  const found = (kind: 'schema' | 'seed', path: string) => ({ path, kind, packageName: 'p', searchedPath: '', relativePath: path })
  const files = new Map<string, SourceFile>([
    ['/m.yml', { path: '/m.yml', text: 'unit_tests: [{given: [{input: ref("big")}]}]', size: 1 }],
    ['/n.yml', { path: '/n.yml', text: 'seeds: [{name: other}]', size: 1 }],
    ...['/big.csv', '/other.csv'].map((path) => [path, { path, text: 'a,b', size: 100_000, headerOnly: true as const }] satisfies [string, SourceFile]),
  ])
  const resources = [found('schema', '/m.yml'), found('schema', '/n.yml'), found('seed', '/big.csv'), found('seed', '/other.csv')]
  assert.equal(seedsForUnitTests(resources, files), ['/big.csv'])
})

host('the watcher reports changes once, in folders, of single files, and by the sweep', async ({ root }) => {
  mkdirSync(`${root}/models/sub`, { recursive: true })
  writeFileSync(`${root}/models/sub/a.sql`, '1')
  writeFileSync(`${root}/dbt_project.yml`, '1')
  const reports: string[] = []
  const watcher = startWatcher({ directories: [`${root}/models`, `${root}/absent`], files: [`${root}/dbt_project.yml`] }, (paths) => reports.push(...paths), { debounceMs: 20, sweepMs: 60, sweepWithoutEventsMs: 60 })
  await new Promise((resolve) => setTimeout(resolve, 200))
  writeFileSync(`${root}/models/sub/a.sql`, '22')
  writeFileSync(`${root}/dbt_project.yml`, '22')
  writeFileSync(`${root}/other.yml`, '22')
  mkdirSync(`${root}/absent`)
  writeFileSync(`${root}/absent/b.sql`, '1')
  utimesSync(`${root}/absent/b.sql`, 1, 1)
  for (let i = 0; i < 40 && reports.length < 3; i++) await new Promise((resolve) => setTimeout(resolve, 50))
  watcher.close()
  assert.ok(reports.includes(`${root}/models/sub/a.sql`))
  assert.ok(reports.includes(`${root}/dbt_project.yml`))
  assert.ok(reports.includes(`${root}/absent/b.sql`))
  assert.not(reports.includes(`${root}/other.yml`))
  const before = reports.length
  writeFileSync(`${root}/models/sub/a.sql`, '333')
  await new Promise((resolve) => setTimeout(resolve, 150))
  assert.is(reports.length, before)
})

host('folders that come to be are listened to as well, without a sweep', async ({ root }) => {
  mkdirSync(`${root}/models/old/deep`, { recursive: true })
  const reports = new Set<string>()
  const watcher = startWatcher({ directories: [`${root}/models`], files: [] }, (paths) => { for (const path of paths) reports.add(path) }, { debounceMs: 20, sweepMs: 600_000, sweepWithoutEventsMs: 600_000 })
  const reported = async (path: string): Promise<boolean> => {
    for (let waited = 0; waited < 100 && !reports.has(path); waited++) await wait(20)
    return reports.has(path)
  }
  await wait(100)
  writeFileSync(`${root}/models/old/deep/a.sql`, 'select 1')
  assert.ok(await reported(`${root}/models/old/deep/a.sql`))
  mkdirSync(`${root}/models/new/deep`, { recursive: true })
  writeFileSync(`${root}/models/new/deep/b.sql`, 'select 1')
  assert.ok(await reported(`${root}/models/new/deep/b.sql`))
  reports.clear()
  writeFileSync(`${root}/models/new/deep/b.sql`, 'select 2')
  assert.ok(await reported(`${root}/models/new/deep/b.sql`))
  watcher.close()
})

host('what a run of dbt writes anew without changing it stays what it was; what is deleted is forgotten', ({ root }) => {
  cpSync(path.resolve(import.meta.dirname, '../../client/demo'), root, { recursive: true })
  mkdirSync(`${root}/target`)
  const manifest = `${root}/target/manifest.json`
  writeFileSync(manifest, readFileSync(`${root}/prod/manifest.json`))
  const project = createProjectHost({ surroundings: { env: new Map(), cwd: root, home: root }, startedIn: 'project', entry: 'main.ts' })
  const open = (previous: Inputs | null) => project.open(root, requestOf(DEFAULTS), new Map(), previous)
  const first = open(null)
  assert.is(first.internal?.source, manifest)
  utimesSync(manifest, 1, 1)
  const second = open(first)
  assert.is(second.internal, first.internal)
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('macro default__test_unique(', 'macro default__test_unique( '))
  assert.is.not(open(second).internal, first.internal)
  project.dispose()
})

host("a command with a state that brings dbt's own macros evaluates once, and takes up what the last one kept", async ({ root }) => {
  const demo = path.resolve(import.meta.dirname, '../../client/demo')
  cpSync(demo, root, { recursive: true, filter: (from) => !from.startsWith(`${demo}/target`) })
  const surroundings = { env: new Map(), cwd: root, home: root }
  const seen: string[] = []
  const once = async (): Promise<string | null> => {
    const facts = makeFactsStore({ directory: `${root}/cache`, off: null, engine: () => 'test' })
    const disk = createProjectHost({ surroundings, startedIn: 'process', entry: 'main.ts', facts })
    const given = parseArguments(['ls', '--state', 'prod', '--project-dir', root])
    if (given.kind !== 'ok') throw new Error(given.message)
    const opened = await openProject(given.parsed, { ...disk, evidence(inputs, request, manifest) { seen.push(inputs.internal?.source ?? 'none'); return disk.evidence(inputs, request, manifest) } }, root)
    assert.is(opened.inputs.internal?.source, `${root}/prod/manifest.json`)
    await keepFacts(opened)
    disk.dispose()
    return warmthOf(opened.snapshot)?.kind ?? null
  }
  assert.equal([await once(), await once()], [null, 'whole'])
  assert.equal(seen, [`${root}/prod/manifest.json`, `${root}/prod/manifest.json`], 'what existence is asked of was evaluated with them')
})

host('a buffer that was never saved is a file of the project, in a folder that is not there either', ({ root }) => {
  cpSync(path.resolve(import.meta.dirname, '../../client/demo'), root, { recursive: true })
  const project = createProjectHost({ surroundings: { env: new Map(), cwd: root, home: root }, startedIn: 'project', entry: 'main.ts' })
  const unsaved = [`${root}/models/marts/again.sql`, `${root}/models/a/b/fresh.sql`, `${root}/models/a/b/c.yml`]
  const { files, resources } = project.open(root, requestOf(DEFAULTS), new Map([...unsaved, `${root}/notes.sql`].map((file) => [file, '-- new'])), null)
  assert.equal([...files.values()].filter(({ text }) => text === '-- new').map((file) => file.path).toSorted(), unsaved.toSorted())
  assert.equal(resources.filter((each) => each.path.startsWith(`${root}/models/`) && each.kind === 'model').map((each) => each.relativePath).slice(0, 1), ['a/b/fresh.sql'])
  assert.is(project.open(root, requestOf(DEFAULTS), new Map(), null).files.has(unsaved[0] ?? ''), false)
  project.dispose()
})

host('states that nobody used for long are let go', async ({ root }) => {
  const states = Array.from({ length: 5 }, (_, number) => `${root}/state${number}`)
  for (const directory of states) cpSync(path.resolve(import.meta.dirname, '../../client/demo/prod'), directory, { recursive: true })
  const project = createProjectHost({ surroundings: { env: new Map(), cwd: root, home: root }, startedIn: 'project', entry: 'main.ts' })
  const [first, ...others] = [await project.stateIn(states[0] ?? ''), await project.stateIn(states[1] ?? ''), await project.stateIn(states[2] ?? ''), await project.stateIn(states[3] ?? '')]
  assert.is(await project.stateIn(states[0] ?? ''), first)
  await project.stateIn(states[4] ?? '')
  assert.is(await project.stateIn(states[0] ?? ''), first, 'used a moment ago')
  assert.is.not(await project.stateIn(states[1] ?? ''), others[0], 'read anew')
  project.dispose()
})

host('programs are found in whole folders of PATH alone, names of variables on Windows in capitals', () => {
  const has = (...files: string[]) => ({ kind: (file: string) => (files.includes(file) ? 'file' as const : null) })
  assert.is(findProgram('git', has('./git', '/usr/bin/git'), new Map([['PATH', '.::bin:/usr/bin']]), 'linux'), '/usr/bin/git')
  const env = environmentOf({ Path: '.;C:\\git\\cmd', dbt_state: 'x' }, 'win32')
  assert.is(findProgram('git', has('./git.exe', 'C:\\git\\cmd/git.exe'), env, 'win32'), 'C:\\git\\cmd/git.exe')
  assert.is(env.get('DBT_STATE'), 'x')
  assert.is(environmentOf({ dbt_state: 'x' }, 'linux').get('DBT_STATE'), undefined)
})

host.run()
