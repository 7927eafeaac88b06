import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { chooseRules, ruleSetOf } from '../../../server/dbt/rules/choose.ts'
import { parseSpecifier, parseVersion, satisfiable, satisfies } from '../../../server/dbt/rules/semver.ts'

const rules = suite('rules')
const facts = { setting: 'auto', installedVersion: null, requireDbtVersion: [], stateVersion: null }
const chosen = (more: object): string => { const { name, chosenBy } = chooseRules({ ...facts, ...more }); return `${name} by ${chosenBy}` }

rules('a setting, the installed dbt, the range, the state, the default', () => {
  assert.is(chosen({}), '1.12 by default')
  assert.is(chosen({ stateVersion: '1.10.2' }), '1.10 by state metadata')
  assert.is(chosen({ stateVersion: '1.10.2', requireDbtVersion: ['>=1.8.0', '<1.9.0'] }), '1.8 by require-dbt-version')
  assert.is(chosen({ installedVersion: '1.7.20', requireDbtVersion: ['>=1.8.0'] }), '1.7 by installed dbt')
  assert.is(chosen({ installedVersion: '1.7.20', setting: '2' }), '2 by setting')
  assert.is(chosen({ setting: '1.11.3' }), '1.11 by setting')
  assert.is(chooseRules({ ...facts, installedVersion: '1.12.3' }).dbtVersion, '1.12.3')
  assert.is(chooseRules({ ...facts, setting: '1.11', installedVersion: '1.12.3' }).dbtVersion, '1.11.16')
})

rules('ranges choose the newest 1.x they allow', () => {
  assert.is(chosen({ requireDbtVersion: ['>=1.0.0'] }), '1.12 by require-dbt-version')
  assert.is(chosen({ requireDbtVersion: ['>=1.6.0', '<2.0.0'] }), '1.12 by require-dbt-version')
  assert.is(chosen({ requireDbtVersion: ['>=2.0.0'] }), '2 by require-dbt-version')
  assert.is(chosen({ requireDbtVersion: ['1.9.4'] }), '1.9 by require-dbt-version')
  assert.is(chosen({ requireDbtVersion: ['>=1.3.0', '<1.6.0'] }), '1.7 by require-dbt-version')
  assert.is(chosen({ requireDbtVersion: ['<=1.10.1'] }), '1.10 by require-dbt-version')
  assert.is(chosen({ requireDbtVersion: ['nonsense'] }), '1.12 by default')
})

rules('sets of versions', () => {
  assert.equal(['0.21.0', '1.5', '1.7.3', '1.8.0b1', '1.13.0a1', '1.14', '2.0.0-alpha.4', '2.0.0rc196', '2', 'x'].map(ruleSetOf), ['1.7', '1.7', '1.7', '1.8', '1.12', '1.12', '2', '2', '2', null])
})

function is(version: string, ...ranges: string[]): boolean {
  const parsed = parseVersion(version)
  return parsed !== null && satisfies(parsed, ranges.flatMap((range) => parseSpecifier(range) ?? []))
}

function can(...ranges: string[]): boolean { return satisfiable(ranges.flatMap((range) => parseSpecifier(range) ?? [])) }

rules("dbt's semver", () => {
  assert.is(parseSpecifier('>=1.8'), null)
  assert.is(parseSpecifier('1.0.0')?.matcher, '=')
  assert.ok(is('1.8.0', '>=1.8.0', '<1.9.0'))
  assert.not(is('1.9.0-rc1', '<1.9.0'))
  assert.ok(is('1.9.0-rc1', '>=1.8.0'))
  assert.not(is('1.8.0-b2', '>=1.8.0'))
  assert.ok(can('>=1.0.0', '<2.0.0'))
  assert.not(can('>=2.0.0', '<1.0.0'))
  assert.not(can('>1.0.0', '<1.0.0'))
  assert.ok(can('>=1.0.0', '<=1.0.0'))
  assert.not(can('=1.0.0', '=1.1.0'))
})

rules.run()
