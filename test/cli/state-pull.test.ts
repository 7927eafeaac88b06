// `state pull`: the user's command runs when it is asked for, and what becomes of it is said.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { runCli } from '../../server/cli/run.ts'
import type { Pulled } from '../../server/dbt/ports.ts'
import { parseFixture } from '../support/fixture.ts'
import { manifestText } from '../support/manifest.ts'
import { memoryHost } from '../support/memory-host.ts'

const pulls = suite('state pull')

const TEMPLATE = `
  //- prod
  model users prod.core.users at models/users.sql
  //- models/users.sql
  select 1
`
const SETTINGS = '/p/.dbt-defer-ls.yml'

interface World { readonly settings?: string; readonly env?: Record<string, string>; readonly argv?: readonly string[]; readonly pulled?: Pulled; readonly before?: string | null }

async function pull({ settings = 'state: state\nstatePull: fetch it\n', env = {}, argv = ['state', 'pull'], pulled = { kind: 'pulled', changed: true }, before = null }: World) {
  const fixture = parseFixture(TEMPLATE)
  const host = memoryHost(fixture, { DBT_STATE: '', ...env })
  host.files.set(SETTINGS, settings)
  if (before === null) host.files.delete('/p/state/manifest.json')
  host.pulled = (_, onLine) => {
    onLine('12 % of it')
    if (pulled.kind === 'pulled') host.files.set('/p/state/manifest.json', manifestText(fixture.prod))
    return Promise.resolve(pulled)
  }
  let [out, err] = ['', '']
  const code = await runCli(argv, { host, io: { out: (text) => { out += text }, err: (text) => { err += text }, color: false }, cwd: '/p', version: '0' })
  return { code, out, err, pulls: host.pulls }
}

pulls('runs the command in the project, shows what it says, then the status of what it brought', async () => {
  const { code, out, err, pulls: ran } = await pull({})
  assert.equal(ran, [{ root: '/p', command: 'fetch it', directories: ['/p/state'] }])
  assert.is(code, 0)
  assert.match(err, /^in \/p: fetch it\n12 % of it\n/)
  assert.match(out, /^state: \/p\/state\/manifest\.json.*\n.*1 nodes/)
})

pulls('a failure is one message with what to do, and exit code 2', async () => {
  const { code, out, err } = await pull({ pulled: { kind: 'failed', why: 'exit code 1; the state of before is back in its place' } })
  assert.is(code, 2)
  assert.is(out, '')
  assert.match(err, /\ndbt-defer-ls: the state was not fetched: exit code 1; the state of before is back in its place\. Mend the setting statePull \(fetch it\).*\n$/)
})

pulls('without the setting, or without a place for it, nothing is run and the way is told', async () => {
  const none = await pull({ settings: 'state: state\n' })
  assert.equal([none.code, none.pulls], [2, []])
  assert.match(none.err, /^dbt-defer-ls: nothing says how the state is fetched\. Name your command in \.dbt-defer-ls\.yml, for example statePull: /)
  const nowhere = await pull({ settings: 'statePull: fetch it\n' })
  assert.equal([nowhere.code, nowhere.pulls], [2, []])
  assert.match(nowhere.err, /nothing says where the fetched state lies/)
})

pulls('the setting beats the environment; state and defer-state are both looked at', async () => {
  assert.is((await pull({ settings: 'state: state\n', env: { DBT_DEFER_LS_STATE_PULL: 'from the shell' } })).pulls[0]?.command, 'from the shell')
  assert.is((await pull({ env: { DBT_DEFER_LS_STATE_PULL: 'from the shell' } })).pulls[0]?.command, 'fetch it')
  assert.equal((await pull({ argv: ['state', 'pull', '--state', 'state', '--defer-state', 'other'] })).pulls[0]?.directories, ['/p/state', '/p/other'])
  assert.not.match((await pull({ argv: ['check'], env: { DBT_DEFER_LS_STATE_PULL: 'x' } })).out, /flag-unknown/)
})

pulls('no other command fetches anything, and secrets of the command line are not shown', async () => {
  for (const argv of [['state', 'status'], ['check'], ['doctor'], ['ls']]) assert.equal((await pull({ argv })).pulls, [], argv.join(' '))
  const { err } = await pull({ settings: 'state: state\nstatePull: "curl -H \'Authorization: Bearer 12345\' https://me:pw@host/m.json"\n', pulled: { kind: 'failed', why: 'exit code 6' } })
  assert.not.match(err, /12345|:pw@/)
  assert.match(err, /Bearer \*{5}/)
})

pulls('a setting that is no text is refused as others are', async () => {
  const { code, err } = await pull({ settings: 'state: state\nstatePull: [a, b]\n' })
  assert.is(code, 2)
  assert.match(err, /\.dbt-defer-ls\.yml: setting statePull must be a string/)
})

pulls('a command that writes nothing is told of', async () => {
  const { code, err } = await pull({ before: 'kept', pulled: { kind: 'pulled', changed: false } })
  assert.is(code, 0)
  assert.match(err, /note: no manifest\.json was written/)
})

pulls.run()
