// Where a branch stands against its base and the state, asked of real repositories of every shape.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { gitFacts } from '../../server/host/git.ts'

const git = suite('git')
const place = mkdtempSync(path.join(tmpdir(), 'git-facts-'))
git.after(() => { rmSync(place, { recursive: true, force: true }) })

const env = new Map(Object.entries(process.env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])))
const facts = (root: string, state: { commit?: string; generated_at?: string } = {}) => gitFacts(root, { commit: state.commit ?? null, generated_at: state.generated_at ?? null }, { env, cwd: root, home: place })

let clock = Date.parse('2026-01-01T00:00:00Z')
function run(root: string, ...args: string[]): string {
  const date = new Date(clock).toISOString()
  return execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.org', '-c', 'init.defaultBranch=main', '-c', 'commit.gpgsign=false', ...args], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], env: { PATH: process.env['PATH'], HOME: place, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date, GIT_CONFIG_NOSYSTEM: '1' } }).trim()
}

/** A commit a day; its hash. */
function commit(root: string, name: string): string {
  clock += 24 * 3600 * 1000
  writeFileSync(path.join(root, name), name)
  run(root, 'add', '.')
  run(root, 'commit', '-q', '-m', name)
  return run(root, 'rev-parse', 'HEAD')
}

/** main: a – b – c – d; feature leaves at b. The hashes, and feature checked out. */
function diverged(name: string): { readonly root: string; readonly a: string; readonly b: string; readonly c: string; readonly d: string } {
  clock = Date.parse('2026-01-01T00:00:00Z')
  const root = path.join(place, name)
  mkdirSync(root)
  run(root, 'init', '-q')
  const [a, b] = [commit(root, 'a'), commit(root, 'b')]
  run(root, 'checkout', '-q', '-b', 'feature')
  commit(root, 'own')
  run(root, 'checkout', '-q', 'main')
  const [c, d] = [commit(root, 'c'), commit(root, 'd')]
  run(root, 'checkout', '-q', 'feature')
  return { root, a, b, c, d }
}

git('a diverged branch: behind and ahead by commit and by date', async () => {
  const { root, a, b, c } = diverged('diverged')
  const base = { branch: 'feature', base: 'main', mergeBase: { commit: b, date: '2026-01-03T00:00:00.000Z' } }
  assert.equal(await facts(root, { commit: a }), { ...base, behind: 1, ahead: 0, by: 'commit' })
  assert.equal(await facts(root, { commit: c }), { ...base, behind: 0, ahead: 1, by: 'commit' })
  assert.equal(await facts(root, { generated_at: '2026-01-02T12:00:00Z' }), { ...base, behind: 1, ahead: 0, by: 'date' })
  assert.equal(await facts(root), { ...base, behind: null, ahead: null, by: 'date' })
  // A commit that nobody has here says nothing: the date does.
  assert.is((await facts(root, { commit: '0'.repeat(40), generated_at: '2026-01-09T00:00:00Z' }))?.by, 'date')
})

git('a program of the project that is called git is not run', async () => {
  const { root, a } = diverged('with-program')
  writeFileSync(path.join(root, 'git'), '#!/bin/sh\ntouch was-run\n', { mode: 0o755 })
  const relative = new Map(env).set('PATH', `.:${env.get('PATH') ?? ''}`)
  const found = await gitFacts(root, { commit: a, generated_at: null }, { env: relative, cwd: root, home: place })
  assert.is(existsSync(path.join(root, 'was-run')), false)
  assert.is(found?.behind, 1)
})

git('a sub-folder, packed refs, a detached head, a linked work tree', async () => {
  const { root, a, b } = diverged('packed')
  mkdirSync(path.join(root, 'deep'))
  assert.is((await facts(path.join(root, 'deep'), { commit: a }))?.behind, 1)
  run(root, 'pack-refs', '--all')
  run(root, 'gc', '-q')
  assert.is((await facts(root, { commit: a }))?.mergeBase.commit, b)
  const linked = path.join(place, 'linked')
  run(root, 'worktree', 'add', '-q', '-b', 'other', linked, 'feature')
  const there = await facts(linked, { commit: a })
  assert.equal([there?.branch, there?.base, there?.behind], ['other', 'main', 1])
  run(root, 'checkout', '-q', '--detach')
  assert.is((await facts(root, { commit: a }))?.branch, null)
})

git('a clone measures against the remote\'s default branch', async () => {
  const { root, a, d } = diverged('remote')
  run(root, 'checkout', '-q', 'main')
  const clone = path.join(place, 'clone')
  run(place, 'clone', '-q', root, clone)
  run(clone, 'checkout', '-q', '-b', 'mine')
  const found = await facts(clone, { commit: a })
  assert.equal([found?.base, found?.mergeBase.commit, found?.behind], ['origin/main', d, 3])
})

git('a shallow clone does not count beyond its end', async () => {
  const { root, a, c, d } = diverged('deep-history')
  run(root, 'checkout', '-q', 'main')
  const shallow = path.join(place, 'shallow')
  run(place, 'clone', '-q', '--depth', '2', pathToFileURL(root).href, shallow)
  const base = { branch: 'main', base: 'origin/main', mergeBase: { commit: d, date: '2026-01-06T00:00:00.000Z' } }
  assert.equal(await facts(shallow, { commit: c }), { ...base, behind: 1, ahead: 0, by: 'commit' })
  assert.equal(await facts(shallow, { commit: a, generated_at: '2026-01-01T12:00:00Z' }), { ...base, behind: null, ahead: null, by: 'date' })
})

git('no repository, no commit, no branch to compare with, no git', async () => {
  const bare = path.join(place, 'nothing')
  mkdirSync(bare)
  assert.is(await facts(bare), null)
  run(bare, 'init', '-q')
  assert.is(await facts(bare), null)
  run(bare, 'checkout', '-q', '-b', 'lonely')
  commit(bare, 'x')
  assert.is(await facts(bare), null)
  const { root } = diverged('without-git')
  assert.is(await gitFacts(root, { commit: null, generated_at: null }, { env: new Map([['PATH', bare]]), cwd: root, home: place }), null)
})

git.run()
