// Fetching the state by a command of the user's own: real shells, real files. What fails or brings rubbish leaves the state of before; nothing of it outlives its end.

import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { pullState } from '../../server/host/pull-state.ts'
import { parseFixture } from '../support/fixture.ts'
import { manifestText } from '../support/manifest.ts'

const pulls = suite('fetching the state')
const place = mkdtempSync(path.join(tmpdir(), 'pull-state-'))
pulls.after(() => { rmSync(place, { recursive: true, force: true }) })

const GOOD = manifestText(parseFixture(`
  //- prod
  model users prod.core.users at models/users.sql
`).prod)
let count = 0

/** A project whose state is `before` (null: none), with a good and a broken manifest beside it. */
function project(before: string | null): { readonly root: string; readonly state: string; now(): string | null } {
  const root = path.join(place, String(++count))
  const state = path.join(root, 'prod')
  mkdirSync(state, { recursive: true })
  writeFileSync(path.join(root, 'good.json'), GOOD)
  writeFileSync(path.join(root, 'half.json'), GOOD.slice(0, GOOD.length / 2))
  if (before !== null) writeFileSync(path.join(state, 'manifest.json'), before)
  return { root, state, now: () => (existsSync(path.join(state, 'manifest.json')) ? readFileSync(path.join(state, 'manifest.json'), 'utf8') : null) }
}

async function pull(root: string, command: string, { env = {}, milliseconds }: { env?: Record<string, string>; milliseconds?: number } = {}) {
  const lines: string[] = []
  const given = { PATH: process.env['PATH'] ?? '', ...env }
  const answer = await pullState({ root, command, directories: [path.join(root, 'prod')] }, { env: new Map(Object.entries(given)), entry: null, ...(milliseconds === undefined ? {} : { milliseconds }) }, (line) => lines.push(line)).done
  return { answer, lines }
}

const asideNow = () => readdirSync(tmpdir()).filter((name) => name.startsWith('dbt-defer-ls-state-'))

pulls('what the command brings is the state, and its output comes line by line', async () => {
  const { root, now } = project(null)
  const { answer, lines } = await pull(root, 'echo from afar; echo a word >&2; cp good.json prod/manifest.json | cat')
  assert.equal(answer, { kind: 'pulled', changed: true })
  assert.equal(lines.toSorted(), ['a word', 'from afar'])
  assert.is(now(), GOOD)
})

pulls('a command that changes nothing says so', async () => {
  const { root } = project(GOOD)
  assert.equal((await pull(root, 'true')).answer, { kind: 'pulled', changed: false })
})

pulls('failed, half of it, gone: the state of before is back', async () => {
  const before = GOOD.replace('users', 'people')
  for (const [command, why] of [
    ['cp half.json prod/manifest.json; exit 3', /^exit code 3; the state of before is back/],
    ['cp half.json prod/manifest.json', /^it ended well, but .*; the state of before is back/],
    ['rm -r prod/*', /^it ended well, but .*Could not find manifest.*; the state of before is back/],
    ['no-such-program-here', /^exit code 127$/],
    ['echo "unclosed', /^exit code [12]/],
  ] as const) {
    const { root, now } = project(before)
    const { answer } = await pull(root, command)
    assert.is(answer.kind, 'failed', command)
    assert.match(answer.kind === 'failed' ? answer.why : '', why)
    assert.is(now(), before, command)
  }
  const { root } = project(null)
  assert.is((await pull(root, 'cp half.json prod/manifest.json')).answer.kind, 'failed')
})

pulls('it is ended when its time is over, with all that it started', async () => {
  const before = asideNow()
  const { root, now } = project(GOOD)
  const started = Date.now()
  const { answer } = await pull(root, `${BEATING} & echo x > prod/manifest.json; sleep 60`, { milliseconds: 300 })
  assert.match(answer.kind === 'failed' ? answer.why : '', /longer than 0 s and was ended; the state of before is back/)
  assert.ok(Date.now() - started < 20_000)
  assert.is(now(), GOOD)
  await stillBeats(root, false)
  assert.equal(asideNow(), before, 'no copy is left')
})

pulls('what it leaves in the background ends with it', async () => {
  const { root } = project(GOOD)
  assert.is((await pull(root, `${BEATING} &`)).answer.kind, 'pulled')
  await stillBeats(root, false)
})

pulls('secrets are shown as stars', async () => {
  const { root } = project(GOOD)
  const { lines } = await pull(root, 'echo "$DBT_ENV_SECRET_KEY"; echo token=abcdef; echo https://me:pw12@host/x; echo Authorization: Bearer abc', { env: { DBT_ENV_SECRET_KEY: 'hush-hush' } })
  assert.equal(lines, ['*****', 'token=*****', 'https://me:*****@host/x', 'Authorization: Bearer *****'])
})

pulls('interrupted, however hard: nothing runs on, and where we can, the state is put back', async () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
    const { root, now } = project(GOOD)
    const script = `import { pullState } from ${JSON.stringify(path.resolve('server/host/pull-state.ts'))}
      void pullState({ root: ${JSON.stringify(root)}, command: 'echo x > prod/manifest.json; echo begun; ${BEATING}', directories: [${JSON.stringify(path.join(root, 'prod'))}] }, { env: new Map(Object.entries(process.env)), entry: null }, (line) => console.log(line)).done`
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, TMPDIR: place } })
    await new Promise<void>((resolve) => { child.stdout.on('data', (data) => { if (String(data).includes('begun')) resolve() }) })
    const ended = new Promise((resolve) => { child.on('exit', resolve) })
    child.kill(signal)
    await ended
    await stillBeats(root, false)
    assert.is(now(), signal === 'SIGKILL' ? 'x\n' : GOOD, signal)
  }
})

/** Something that shows that it runs. */
const BEATING = 'while :; do echo >> beat; sleep 0.05; done'

async function stillBeats(root: string, wanted: boolean): Promise<void> {
  const beats = () => { try { return readFileSync(path.join(root, 'beat'), 'utf8').length } catch { return 0 } }
  await sleep(150)
  const before = beats()
  await sleep(400)
  assert.is(beats() > before, wanted)
}

pulls.run()
