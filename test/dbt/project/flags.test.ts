import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { chooseRules } from '../../../server/dbt/rules/choose.ts'
import { absolutePath, resolveFlags, type CliOptions, type ProjectFlag } from '../../../server/dbt/project/flags.ts'
import { environmentProblems } from '../../../server/dbt/project/flag-env.ts'

const flags = suite('project flags')
const place = { path: '/p/dbt_project.yml', start: 0, end: 0 }

interface Given { readonly rules?: string; readonly cli?: CliOptions; readonly env?: Record<string, string>; readonly project?: Record<string, boolean | string | number>; readonly user?: Record<string, boolean> }

function resolve({ rules = '1.12', cli = {}, env = {}, project = {}, user = {} }: Given) {
  return resolveFlags({
    cli, env: new Map(Object.entries(env)), projectRoot: '/p', cwd: '/w', place, user: new Map(Object.entries(user)),
    project: new Map(Object.entries(project).map(([key, value]): [string, ProjectFlag] => [key, { value, place }])),
  }, chooseRules({ setting: rules, installedVersion: null, requireDbtVersion: [], stateVersion: null }))
}

const defer = (given: Given): string => { const { value, from } = resolve(given).flags.defer; return `${value} ${from}` }
const state = (given: Given): string => { const { value, from } = resolve(given).flags.state; return `${value} ${from}` }

flags('command line over environment over default; the engine name first', () => {
  assert.is(defer({}), 'false default')
  assert.is(defer({ env: { DBT_DEFER: '1' } }), 'true DBT_DEFER')
  assert.is(defer({ env: { DBT_DEFER: 'off', DBT_ENGINE_DEFER: 'T' } }), 'true DBT_ENGINE_DEFER')
  assert.is(defer({ rules: '1.8', env: { DBT_DEFER: 'off', DBT_ENGINE_DEFER: 'true' } }), 'false DBT_DEFER')
  assert.is(defer({ cli: { defer: false }, env: { DBT_DEFER: '1' } }), 'false --no-defer')
  assert.is(defer({ env: { DBT_DEFER: '' } }), 'false default')
})

flags('the deprecated names beat the command line in 1.x', () => {
  assert.is(defer({ cli: { defer: false }, env: { DBT_DEFER_TO_STATE: 'true' } }), 'true DBT_DEFER_TO_STATE')
  assert.is(defer({ cli: { defer: true }, env: { DBT_DEFER_TO_STATE: 'false' } }), 'false DBT_DEFER_TO_STATE')
  assert.is(state({ cli: { state: 'a' }, env: { DBT_ARTIFACT_STATE_PATH: 'b' } }), '/w/b DBT_ARTIFACT_STATE_PATH')
  assert.is(resolve({ env: { DBT_FAVOR_STATE_MODE: 'yes' } }).flags.favorState.value, true)
})

flags('state: relative to the project, in 2 to the current directory', () => {
  assert.is(state({ cli: { state: '../prod' } }), '/prod --state')
  assert.is(state({ rules: '2', cli: { state: 'prod' } }), '/w/prod --state')
  assert.is(state({ env: { DBT_STATE: '/abs/x/' } }), '/abs/x DBT_STATE')
})

flags('2 defers by default and no variable switches that off', () => {
  assert.is(defer({ rules: '2' }), 'true default')
  assert.is(defer({ rules: '2', env: { DBT_DEFER: 'false' } }), 'true default')
  assert.is(defer({ rules: '2', cli: { defer: false } }), 'false --no-defer')
})

flags('flags: of the project: behaviour yes, defer no; user settings last', () => {
  const { flags: resolved } = resolve({ project: { defer: true, favor_state: true, validate_macro_args: false, static_parser: false }, user: { static_parser: true, version_check: false } })
  assert.equal([resolved.defer.value, resolved.favorState.value, resolved.staticParser.value, resolved.versionCheck.from], [false, false, false, 'user_settings.yml'])
  assert.equal(resolved.behaviour.get('validate_macro_args'), { value: false, from: 'flags: of dbt_project.yml' })
  assert.equal(resolved.behaviour.get('require_generic_test_arguments_property'), { value: true, from: 'default' })
  assert.is(resolve({ rules: '1.8', project: { validate_macro_args: true } }).flags.behaviour.get('validate_macro_args'), undefined)
})

flags('values that dbt refuses', () => {
  const { flags: resolved, problems } = resolve({ env: { DBT_DEFER: 'maybe', DBT_INDIRECT_SELECTION: 'most' } })
  assert.is(resolved.defer.value, false)
  assert.is(resolved.indirectSelection.value, 'eager')
  assert.equal(problems.map((problem) => problem.message), [
    "Invalid value for '--defer': 'maybe' is not a valid boolean. Recognized values: , 0, 1, f, false, n, no, off, on, t, true, y, yes",
    "Invalid value for '--indirect-selection': 'most' is not one of 'eager', 'cautious', 'buildable', 'empty'.",
  ])
})

flags('names of variables: reserved ones, slips of the pen, and one’s own', () => {
  const env = new Map([['DBT_ENGINE_FOO', '1'], ['DBT_FAVOUR_STATE', '1'], ['DBT_MY_SCHEMA', 'x'], ['DBT_ENV_SECRET_STATE', 'x'], ['DBT_ENGINE_STATE', 'x']])
  const said = (unknownEngineEnv: 'ignored' | 'warning' | 'error') => environmentProblems(env, { unknownEngineEnv, readsEngineEnv: true, deprecatedEnvBeatsAll: true, name: '1.12' }, place).map(({ severity, data }) => `${severity} ${String(data?.['name'])} ${String(data?.['suggestion'])}`)
  assert.equal(said('warning'), ['warning DBT_ENGINE_FOO null', 'information DBT_FAVOUR_STATE DBT_FAVOR_STATE'])
  assert.equal(said('error')[0], 'error DBT_ENGINE_FOO null')
  assert.equal(said('ignored').length, 1)
})

flags('paths', () => {
  assert.equal([absolutePath('/a/b', '../c'), absolutePath('/a', '/x/./y/'), absolutePath('/a', '../../..'), absolutePath('/a', '.')], ['/a/c', '/x/y', '/', '/a'])
})

flags.run()
