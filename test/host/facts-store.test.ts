// The store of facts on a real disk, and on disks that are full, read-only or shared.

import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Writer, type Written } from '../../server/dbt/cache/writer.ts'
import { Reader } from '../../server/dbt/cache/reader.ts'
import type { FactsRead } from '../../server/dbt/ports.ts'
import { codeDirectory, factsDirectory } from '../../server/host/facts-directory.ts'
import { makeFactsStore, type FactsDisk } from '../../server/host/facts-store.ts'

const store = suite<{ root: string }>('store of facts')

store.before.each((context) => { context.root = mkdtempSync(path.join(tmpdir(), 'facts-')) })
store.after.each(({ root }) => { chmodSync(root, 0o700); rmSync(root, { recursive: true, force: true }) })

function written(text: string): Written {
  const writer = new Writer()
  writer.record((frame) => { frame.text(text); frame.text('größer 漢字') })
  return writer.finish()
}

function textOf(read: FactsRead): string | null {
  if (read.kind === 'none') return read.why
  const cursor = new Reader(read.pages).at(1)
  return `${cursor.text()} ${cursor.text()}`
}

const at = (directory: string, engine = '1') => makeFactsStore({ directory, off: null, engine: () => engine })

store('what is written is read again, by the same program only', async ({ root }) => {
  const directory = `${root}/sub/cache`
  assert.is(textOf(at(directory).read('p')), null)
  assert.is(await at(directory).write('p', written('one')), null)
  assert.is(textOf(at(directory).read('p')), 'one größer 漢字')
  assert.is(textOf(at(directory).read('another')), null)
  assert.match(textOf(at(directory, '2').read('p')) ?? '', /another version of the program wrote it; it is made again/)
  const [name = ''] = readdirSync(directory)
  if (process.platform !== 'win32') assert.is(statSync(path.join(directory, name)).mode & 0o777, 0o600)
  for (const length of [statSync(path.join(directory, name)).size - 1, 70, 3, 0]) {
    truncateSync(path.join(directory, name), length)
    assert.match(textOf(at(directory).read('p')) ?? '', /cut or damaged|too short/)
  }
  writeFileSync(path.join(directory, name), '{"this": "is something else, and long enough to be looked at, one would think, or is it not?"}'.repeat(2))
  assert.match(textOf(at(directory).read('p')) ?? '', /no cache of this program/)
})

store('a full disk leaves what was there, and no rest', async ({ root }) => {
  assert.is(await at(root).write('p', written('one')), null)
  const real = readdirSync(root)
  const full: FactsDisk = {
    read: (file) => readFileSync(file), rename: () => assert.unreachable(), list: () => [], touch: () => undefined,
    write(file, bytes) {
      writeFileSync(file, bytes.subarray(0, 20))
      return Promise.reject(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }))
    },
    remove: (file) => rmSync(file),
  }
  assert.match(await makeFactsStore({ directory: root, off: null, engine: () => '1', disk: full }).write('p', written('two')) ?? '', /ENOSPC/)
  assert.equal(readdirSync(root), real)
  assert.is(textOf(at(root).read('p')), 'one größer 漢字')
})

store('a directory that cannot be written, or is a file, is said and costs nothing', async ({ root }) => {
  writeFileSync(`${root}/file`, '')
  assert.match(await at(`${root}/file`).write('p', written('one')) ?? '', /EEXIST|ENOTDIR/)
  assert.match(textOf(at(`${root}/file`).read('p')) ?? '', /ENOTDIR|^$/)
  const readOnly: FactsDisk = {
    read: () => { throw Object.assign(new Error('EACCES: permission denied, open'), { code: 'EACCES' }) }, rename: () => undefined, list: () => [], touch: () => undefined, remove: () => undefined,
    write: () => Promise.reject(Object.assign(new Error('EROFS: read-only file system, mkdir'), { code: 'EROFS' })),
  }
  const closed = makeFactsStore({ directory: '/closed', off: null, engine: () => '1', disk: readOnly })
  assert.match(await closed.write('p', written('one')) ?? '', /EROFS/)
  assert.match(textOf(closed.read('p')) ?? '', /EACCES/)
})

store('two programs that write at once leave one of the two, whole', async ({ root }) => {
  const script = `import { makeFactsStore } from ${JSON.stringify(path.resolve(import.meta.dirname, '../../server/host/facts-store.ts'))}
import { Writer } from ${JSON.stringify(path.resolve(import.meta.dirname, '../../server/dbt/cache/writer.ts'))}
const store = makeFactsStore({ directory: process.argv[2], off: null, engine: () => '1' })
for (let round = 0; round < 20; round++) {
  const writer = new Writer()
  writer.record((frame) => { frame.text(process.argv[3].repeat(1000 + round)); frame.text('end') })
  const problem = await store.write('p', writer.finish())
  if (problem !== null) throw new Error(problem)
}
`
  writeFileSync(`${root}/write.mts`, script)
  const run = (letter: string) => new Promise<number | null>((resolve) => {
    spawn(process.execPath, ['--import', 'tsx', `${root}/write.mts`, `${root}/cache`, letter], { stdio: 'inherit', cwd: path.resolve(import.meta.dirname, '../..') }).on('close', resolve)
  })
  const both = Promise.all([run('a'), run('b')])
  let seen = 0
  let done = false
  void both.then(() => { done = true })
  while (!done) {
    const read = at(`${root}/cache`).read('p')
    if (read.kind === 'found') { seen++; assert.match(textOf(read) ?? '', /^(a+|b+) end$/) } else assert.is(read.why, null)
    await new Promise((resolve) => { setTimeout(resolve, 5) })
  }
  assert.equal(await both, [0, 0])
  assert.ok(seen > 0)
  assert.is(readdirSync(`${root}/cache`).length, 1)
})

store('leftovers and what nobody used for long go when something is written', async ({ root }) => {
  const old = (name: string, days: number) => { writeFileSync(`${root}/${name}`, 'x'); utimesSync(`${root}/${name}`, Date.now() / 1000 - days * 86400, Date.now() / 1000 - days * 86400) }
  old('ended.facts.123.1.tmp', 1)
  old('running.facts.124.1.tmp', 0)
  old('idle.facts', 100)
  old('used.facts', 10)
  old('foreign.txt', 1000)
  assert.is(await at(root).write('p', written('one')), null)
  assert.equal(readdirSync(root).filter((name) => !/^[0-9a-f]{40}\.facts$/.test(name)).sort(), ['foreign.txt', 'running.facts.124.1.tmp', 'used.facts'])
})

store('where facts are kept', () => {
  const of = (env: Record<string, string>, platform: NodeJS.Platform = 'linux') => factsDirectory({ env: new Map(Object.entries(env)), cwd: '/', home: '/home/me' }, platform).directory
  assert.is(of({}), '/home/me/.cache/dbt-defer-ls')
  assert.is(of({ XDG_CACHE_HOME: '/var/cache' }), '/var/cache/dbt-defer-ls')
  assert.is(of({ XDG_CACHE_HOME: 'relative' }), '/home/me/.cache/dbt-defer-ls')
  assert.is(of({ LOCALAPPDATA: 'C:\\Users\\me\\AppData\\Local' }, 'win32'), 'C:/Users/me/AppData/Local/dbt-defer-ls')
  assert.is(of({ DBT_DEFER_LS_CACHE_DIR: '/elsewhere' }), '/elsewhere')
  for (const word of ['off', '0', 'FALSE', 'no']) assert.is(of({ DBT_DEFER_LS_CACHE: word, DBT_DEFER_LS_CACHE_DIR: '/elsewhere' }), null)
})

store('compiled code is kept in the home directory or nowhere: a checkout may bring a cache of its own', () => {
  const of = (env: Record<string, string>, platform: NodeJS.Platform = 'linux') => codeDirectory({ env: new Map(Object.entries(env)), cwd: '/checkout', home: '/home/me' }, platform)
  assert.is(of({}), '/home/me/.cache/dbt-defer-ls')
  assert.is(of({ XDG_CACHE_HOME: '/home/me/.cache' }), '/home/me/.cache/dbt-defer-ls')
  assert.is(of({ LOCALAPPDATA: 'C:\\Users\\me' }, 'win32'), 'C:/Users/me/dbt-defer-ls')
  for (const env of [{ XDG_CACHE_HOME: '/checkout/.cache' }, { DBT_DEFER_LS_CACHE_DIR: '.cache' }, { DBT_DEFER_LS_CACHE: 'off' }]) assert.is(of(env), null)
})

store('what is switched off neither reads nor writes', async ({ root }) => {
  const off = makeFactsStore({ directory: null, off: 'it is off', engine: () => { throw new Error('asked for nothing') } })
  assert.is(textOf(off.read('p')), 'it is off')
  assert.is(await off.write('p', written('one')), 'it is off')
  assert.not.ok(existsSync(`${root}/cache`))
})

store.run()
