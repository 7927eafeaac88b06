// The command line as scripts hold on to it: exit codes, what goes to which stream, the records of each output form.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { runCli } from '../../server/cli/run.ts'
import type { Evidence } from '../../server/dbt/inputs.ts'
import { cli } from '../support/cli.ts'
import { parseFixture } from '../support/fixture.ts'
import { memoryHost } from '../support/memory-host.ts'

const commands = suite('commands')

const SHOP = `
  //- models/stg_orders.sql
  {{ config(tags=['nightly']) }} select 1 as id
  //- models/orders.sql
  select * from {{ ref('stg_orders') }} join {{ ref('rates') }} using (id)
  //- models/rates.sql
  {{ config(materialized='ephemeral') }} select 2 as id
  //- models/off.sql
  {{ config(enabled=false) }} select 3
  //- prod
  model stg_orders prod.core.stg_orders at models/stg_orders.sql
  //- dev
  dev_me.stg_orders
`

const usage = async (command: string, message: RegExp, template = SHOP) => {
  const { code, out, err } = await cli(template, command)
  assert.is(code, 2, err)
  assert.is(out, '')
  assert.match(err, message)
  assert.not.match(err, /^\s+at /m)
}

commands('wrong usage is never passed over', async () => {
  await usage('chek', /no such command: chek \(did you mean check\?\)/)
  await usage('check --fail-one error', /no such option for check: --fail-one/)
  await usage('check --disabled', /no such option for check: --disabled/)
  await usage('check --fail-on', /--fail-on needs a value/)
  await usage('check --fail-on sometimes', /--fail-on must be one of error, warning, information, never, not sometimes/)
  await usage('ls --defer=yes', /--defer takes no value/)
  await usage('ls models', /ls takes no models/)
  await usage('--target dev ls', /options come after the command/)
  await usage('resolve --output yaml', /--output must be one of text, jsonl, not yaml/)
  await usage('ls --output jsonl', /--output must be one of selector, name, path, json, not jsonl/)
  await usage('doctor --output json', /no such option for doctor: --output/)
  await usage('check --output-keys name', /no such option for check: --output-keys/)
  await usage('state', /state needs: status or pull/)
  await usage('check nowhere.sql', /nowhere\.sql/)
})

commands('what the settings say is not put down to an option', async () => {
  const shop = `${SHOP}\n//- .dbt-defer-ls.yml\nstate: prod\nfavorState: true\n`
  assert.match((await cli(shop, 'state status')).out, /prod \(the setting dbtDefer\.state\), not read[^]*favor-state: on \(the setting dbtDefer\.favorState\)/)
  assert.match((await cli(shop, 'state status --state other')).out, /other \(--state\)/)
})

commands('--help and --version answer on standard output; no command at all is wrong usage', async () => {
  const help = await cli(SHOP, '--help')
  assert.is(help.code, 0)
  assert.match(help.out, /usage: dbt-defer-ls/)
  assert.not.match(help.out, /\S{31}(?:every|the|as|refs) /)
  const one = (await cli(SHOP, 'ls --help')).out
  assert.match(one, /usage: dbt-defer-ls ls \[OPTIONS\]\n {7}the selected nodes/)
  assert.match(one, /--output {9}.*form of the output: selector, name, path, json\n/)
  assert.not.match(one, /sarif|--against/)
  assert.equal(await cli(SHOP, '--version'), { code: 0, out: '0.0.0-test\n', err: '' })
  assert.is((await cli(SHOP, '')).code, 2)
})

commands('a project that cannot be read ends in one message', async () => {
  await usage('ls', /dbt_project\.yml:\d+:\d+: /, '//- dbt_project.yml\nname: [')
  await usage('ls --profile nope', /nope/)
  await usage('ls --target nope', /nope/)
  await usage('ls --project-dir /elsewhere', /no dbt_project\.yml in \/elsewhere/)
  await usage('ls', /\.dbt-defer-ls\.yml: .*stat/, '//- .dbt-defer-ls.yml\nstat: x\n//- models/a.sql\nselect 1')
  await usage('resolve --state gone --defer', /gone/)
  // As dbt words it, once the selector asks for the state; "ls" itself wants none, nor to defer.
  await usage('ls -s state:modified --state gone', /: Got a state selector method, but no comparison manifest$/m)
  await usage('ls -s result:error --state gone', /: No comparison run_results$/m)
  assert.is((await cli(SHOP, 'ls -s orders --state gone --defer')).out, 'p.orders\n')
})

commands('ls in each form', async () => {
  assert.is((await cli(SHOP, 'ls --output name')).out, 'orders\nrates\nstg_orders\n')
  assert.is((await cli(SHOP, 'ls --output path -s orders stg_orders')).out, 'models/orders.sql\nmodels/stg_orders.sql\n')
  assert.is((await cli(SHOP, 'ls -s +orders --exclude rates')).out, 'p.orders\np.stg_orders\n')
  const [line = ''] = (await cli(SHOP, 'ls --output json --output-keys name,tags -s tag:nightly')).out.split('\n')
  assert.equal(JSON.parse(line), { name: 'stg_orders', tags: ['nightly'] })
  assert.match((await cli(SHOP, 'ls --disabled --output name')).out, /^off$/m)
  // Of dbt's own record nothing is left out, reordered or added, when asked so; else scripts find our keys behind dbt's.
  const keysOf = async (more: string) => Object.keys(JSON.parse((await cli(SHOP, `ls --output json -s orders ${more}`)).out) as object)
  const theirs = ['name', 'resource_type', 'package_name', 'original_file_path', 'unique_id', 'alias', 'config', 'tags', 'depends_on', 'direct_parents']
  assert.equal(await keysOf('--exact'), theirs)
  assert.equal(await keysOf(''), [...theirs, 'relation_name', 'enabled', 'access', 'version'])
  const dependsOf = async (more: string) => (JSON.parse((await cli(SHOP, `ls --output json -s orders ${more}`)).out) as { depends_on: { nodes: string[] } }).depends_on.nodes
  assert.equal(await dependsOf(''), ['model.p.rates', 'model.p.stg_orders'])
  assert.equal(await dependsOf('--output-keys depends_on'), await dependsOf('--exact'))
  // Nulls are printed too; from 1.11 on in the order that was asked for, before in the node's own, without what dots reach.
  const asked = async (rules: string) => (await cli(SHOP, `ls --output json -s orders --rules ${rules} --output-keys patch_path,config.materialized,name,build_path,nope,defer_relation`)).out
  assert.is(await asked('1.12'), '{"patch_path": null, "config.materialized": "view", "name": "orders", "build_path": null, "defer_relation": null}\n')
  assert.is(await asked('1.8'), '{"name": "orders", "patch_path": null, "build_path": null, "defer_relation": null}\n')
})

commands('functions have a relation_name from 1.12 on', async () => {
  const project = `
    //- functions/half.sql
    select 1
    //- functions/half.yml
    functions: [{name: half, arguments: [{name: x, data_type: int}], returns: {data_type: int}}]
  `
  for (const [rules, relation] of [['1.11', null], ['1.12', '"dev"."dev_me"."half"']] as const) {
    assert.equal(JSON.parse((await cli(project, `ls --output json --output-keys relation_name --rules ${rules}`)).out), { relation_name: relation })
  }
})

commands('ls --resource-type test: with 1.8 unit tests too', async () => {
  const project = `
    //- models/m.sql
    select 1 as id
    //- models/m.yml
    models: [{name: m, columns: [{name: id, tests: [unique]}]}]
    unit_tests: [{name: u, model: m, given: [], expect: {rows: [{id: 1}]}}]
  `
  for (const [rules, listed] of [['1.8', 'unique_m_id\nu\n'], ['1.10', 'unique_m_id\n'], ['1.12', 'unique_m_id\n']] as const) {
    assert.is((await cli(project, `ls --resource-type test --output name --rules ${rules}`)).out, listed)
  }
  assert.is((await cli(project, 'ls --resource-type test model --output name --rules 1.8')).out, 'm\nunique_m_id\n')
})

// graph/selector_methods.py of each version.
commands('selection as the older versions have it', async () => {
  const project = `
    //- dbt_project.yml
    name: p
    profile: p
    models: {p: {deep: {+group: north}}}
    //- models/deep/orders.sql
    select 1 as id
    //- models/deep/orders.yml
    groups: [{name: north, owner: {name: o}}]
    models: [{name: orders, columns: [{name: id, tests: [unique]}]}]
    //- tests/single.sql
    select 1 as id
    //- selectors.yml
    selectors: [{name: s, definition: 'orders'}]
  `
  const ls = async (rules: string, select: string) => { const { out, err } = await cli(project, `ls --output name --indirect-selection empty --rules ${rules} -s '${select}'`); return out === '' ? err.replaceAll(/^note: .*\n|^dbt-defer-ls: /gm, '').split('\n')[0] : out }
  const none = (raw: string) => `warning: The selection criterion '${raw}' does not match any enabled nodes`
  for (const [select, old, eight, ten, eleven, twelve] of [
    ['?rders', none('?rders'), none('?rders'), none('?rders'), 'orders\n', 'orders\n'],
    ['*.orders', 'orders\n', 'orders\n', 'orders\n', 'orders\n', 'orders\n'],
    ['package:this', none('package:this'), 'orders\nsingle\nunique_orders_id\n', 'orders\nsingle\nunique_orders_id\n', 'orders\nsingle\nunique_orders_id\n', 'orders\nsingle\nunique_orders_id\n'],
    ['group:n*', none('group:n*'), 'orders\n', 'orders\n', 'orders\n', 'orders\n'],
    ['test_type:data', 'single\n', 'single\nunique_orders_id\n', 'single\nunique_orders_id\n', 'single\nunique_orders_id\n', 'single\nunique_orders_id\n'],
    ['test_type:unit', 'Invalid test type selector unit: expected "generic" or "singular"', none('test_type:unit'), none('test_type:unit'), none('test_type:unit'), none('test_type:unit')],
    ['unit_test:*', "'unit_test' is not a valid method name", none('unit_test:*'), none('unit_test:*'), none('unit_test:*'), none('unit_test:*')],
    ['selector:s', "'selector' is not a valid method name", "'selector' is not a valid method name", "'selector' is not a valid method name", "'selector' is not a valid method name", 'orders\n'],
    ['resource_type:function', 'Invalid resource_type selector "function"', 'Invalid resource_type selector "function"', 'Invalid resource_type selector "function"', none('resource_type:function'), none('resource_type:function')],
  ] as const) {
    assert.equal([await ls('1.7', select), await ls('1.8', select), await ls('1.10', select), await ls('1.11', select), await ls('1.12', select)], [old, eight, ten, eleven, twelve], select)
  }
})

commands('ls --models: models alone, and not with what says otherwise', async () => {
  for (const option of ['-m', '--models', '--model']) assert.is((await cli(SHOP, `ls ${option} +orders --output name`)).out, 'orders\nrates\nstg_orders\n')
  await usage('ls -m orders -s orders', /"models" and "select" are mutually exclusive arguments/)
  await usage('ls -m orders --resource-types model', /"models" and "resource_type" are mutually exclusive arguments/)
})

commands('ls of nothing and of what no selector method knows', async () => {
  const nothing = await cli(SHOP, 'ls -s nope')
  assert.is(nothing.out, '')
  assert.match(nothing.err, /No nodes selected|does not match any/)
  await usage('ls -s flavour:sweet', /flavour/)
})

commands('resolve: a record for each call', async () => {
  const { out, code } = await cli(SHOP, 'resolve models/orders.sql --output jsonl')
  const records = out.trim().split('\n').map((line) => JSON.parse(line) as { call: string; kind: string; line: number; character: number; relation: string; reason: string[]; dev: { exists: boolean } | null; prod: { relation: string } | null })
  assert.is(code, 0)
  assert.equal(records.map(({ call, kind, line, character }) => ({ call, kind, line, character })), [
    { call: "ref('stg_orders')", kind: 'dev', line: 0, character: 17 }, { call: "ref('rates')", kind: 'ephemeral', line: 0, character: 46 },
  ])
  assert.is(records[0]?.dev?.exists, true)
  assert.is(records[0]?.prod?.relation, '"prod"."core"."stg_orders"')
})

commands('resolve follows --favor-state, --exists and --no-defer', async () => {
  const kindOf = async (flags: string) => (JSON.parse((await cli(SHOP, `resolve models/orders.sql --output jsonl ${flags}`)).out.split('\n')[0] ?? '') as { kind: string }).kind
  assert.is(await kindOf(''), 'dev')
  assert.is(await kindOf('--favor-state'), 'dev', 'everything is selected: nothing is favoured')
  assert.is(await kindOf('--favor-state -s orders'), 'prod')
  assert.is(await kindOf('--exists none -s orders'), 'prod')
  assert.is(await kindOf('--exists none --no-defer'), 'dev')
  assert.is(await kindOf('--exists all'), 'dev')
})

const BROKEN = `
  //- models/a.sql
  select * from {{ ref('nope') }}
`

commands('check: findings, forms and exit codes', async () => {
  const text = await cli(BROKEN, 'check')
  assert.is(text.code, 1)
  assert.match(text.out, /models\/a\.sql:1:23: error: .*\[ref-not-found\]/)
  assert.is((await cli(BROKEN, 'check --fail-on never')).code, 0)
  const finding = JSON.parse((await cli(BROKEN, 'check --output jsonl')).out) as { path: string; code: string; range: { start: { line: number; character: number } } }
  assert.equal([finding.path, finding.code, finding.range.start], ['models/a.sql', 'ref-not-found', { line: 0, character: 22 }])
  assert.match((await cli(BROKEN, 'check --output github')).out, /^::error file=models\/a\.sql,line=1,/)
  const sarif = JSON.parse((await cli(BROKEN, 'check --output sarif')).out) as { runs: { results: { ruleId: string }[] }[] }
  assert.equal(sarif.runs[0]?.results.map((each) => each.ruleId), ['ref-not-found'])
  assert.equal(await cli(SHOP, 'check models/orders.sql'), { code: 0, out: '', err: (await cli(SHOP, 'check')).err })
  const odd = JSON.parse((await cli(`
  //- models/a#b ?ü.sql
  {{ ref('gone') }}
`, 'check --output sarif')).out) as { runs: { results: { locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }[] }[] }
  assert.is(odd.runs[0]?.results[0]?.locations[0]?.physicalLocation.artifactLocation.uri, 'models/a%23b%20%3F%C3%BC.sql')
})

commands('compile: text and records', async () => {
  const { code, out } = await cli(SHOP, 'compile -s orders --output jsonl --exists none')
  assert.is(code, 0)
  const record = JSON.parse(out) as { unique_id: string; compiled_code: string; unknown: unknown[] }
  assert.equal([record.unique_id, record.unknown], ['model.p.orders', []])
  assert.match(record.compiled_code, /with __dbt__cte__rates as \(/)
  const refused = await cli(BROKEN, 'compile --output jsonl')
  const error = JSON.parse(refused.out) as { compiled_code: null; unknown: { code: string; message: string }[] }
  assert.is(refused.code, 1)
  assert.is(error.compiled_code, null)
  assert.match(error.unknown[0]?.code ?? '', /^error/)
})

commands('a list of a project that dbt refuses says so', async () => {
  const { code, out, err } = await cli(`
    //- models/a.sql
    select * from {{ ref('nope') }}
  `, 'ls')
  assert.equal([code, out], [0, 'p.a\n'])
  assert.match(err, /^warning: dbt refuses this project as it stands \(1 error, which dbt-defer-ls check lists\)/m)
  assert.not.match((await cli(SHOP, 'ls')).err, 'refuses')
})

commands('plan, explain, state status and doctor say what they know', async () => {
  assert.match((await cli(SHOP, 'plan -s orders')).out, /stg_orders/)
  assert.match((await cli(SHOP, 'explain models/orders.sql:1:25')).out, /stg_orders/)
  assert.match((await cli(SHOP, 'explain model.p.orders')).out, /orders/)
  await usage('explain models/orders.sql', /FILE:LINE:COLUMN|unique_id/i)
  const status = await cli(SHOP, 'state status')
  assert.match(status.out, /^state: .*\n.*1 nodes/)
  assert.is(status.code, 0)
  const nowhere = await cli(BROKEN, 'state status --no-defer --state nowhere')
  assert.match(nowhere.out, /^state: \S+ \(--state\), not read$/m)
  assert.is(nowhere.code, 2)
  assert.match((await cli(SHOP, 'doctor')).out, /profile[\s\S]*SQL parser: @polyglot-sql\/sdk: compiled SQL is parsed/)
})

async function withEvidence(command: string, change: (found: Evidence) => Evidence) {
  let [out, err] = ['', '']
  const memory = memoryHost(parseFixture(SHOP))
  const host = { ...memory, evidence: async (...given: Parameters<typeof memory.evidence>) => change(await memory.evidence(...given)) }
  const code = await runCli([command], { host, io: { out: (text) => { out += text }, err: (text) => { err += text }, color: false }, cwd: '/p', version: '0' })
  return { code, out, err }
}

commands('doctor says of a listing that cannot be read', async () => {
  const { code, out } = await withEvidence('doctor', (found) => ({ ...found, problems: [{ code: 'exists-unreadable', severity: 'error', message: '--exists nofile: cannot read /p/nofile', place: { path: '/p/dbt_project.yml', start: 0, end: 0 } }] }))
  assert.match(out, /^wrong what exists: --exists nofile: cannot read/m)
  assert.is(code, 1)
})

commands('a mistake of ours ends with 2, not with the 1 of findings', async () => {
  const { code, err } = await withEvidence('check', () => { throw new TypeError('x is undefined') })
  assert.is(code, 2)
  assert.match(err, /please report it: TypeError: x is undefined\n +at /)
})

commands.run()
