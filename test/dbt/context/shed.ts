// The fixture project `shed` as a World, put together by hand: macros from its files, facts of dbt_project.yml and the profile as values.

import { readFileSync } from 'node:fs'
import { adapterOf } from '../../../server/dbt/adapters/adapters.ts'
import { macroIndex } from '../../../server/dbt/context/macros.ts'
import type { MacroFile } from '../../../server/dbt/context/macro-files.ts'
import type { InternalMacros, NodeDraft, World } from '../../../server/dbt/context/types.ts'
import type { Package, Project } from '../../../server/dbt/project/types.ts'
import { PyDict, PyList } from '../../../server/jinja/value.ts'
import type { Value } from '../../../server/jinja/value.ts'

export const SHED = new URL('../../fixtures/projects/shed/', import.meta.url)

export function read(path: string): string { return readFileSync(new URL(path, SHED), 'utf8') }

function macroFile(packageName: string, path: string, kind: MacroFile['kind'] = 'macro'): MacroFile {
  const directory = packageName === 'shed' ? '' : `dbt_packages/${packageName}/`
  const text = read(directory + path)
  return { packageName, originalPath: path, kind, file: { path: `/shed/${directory}${path}`, text, size: text.length } }
}

const rootVars: [string, Value][] = [
  ['day', '2024-01-01'], ['number', 7n], ['flag', true], ['list', new PyList(['a', "b'c", 3n])], ['nested', new PyDict([['x', 1n], ['y', new PyList([2n])]])],
  ['rendered', "{{ target.schema ~ '_x' }}"], ['crane', new PyDict([['lift', 9n]])],
]

export function shedWorld(internal: InternalMacros | null = null): World {
  const adapter = adapterOf('duckdb', { databricksLowerCases: true })
  const target = {
    profileName: 'shed', name: 'dev', names: ['dev'], type: 'duckdb', database: 'shed', schema: 'shed_dev', threads: 1, databaseFile: '/shed/shed.duckdb',
    context: new Map<string, Value>([
      ['database', 'shed'], ['schema', 'shed_dev'], ['path', 'shed.duckdb'], ['config_options', null], ['extensions', null], ['settings', new PyDict()], ['external_root', '.'],
      ['use_credential_provider', null], ['attach', null], ['filesystems', null], ['remote', null], ['plugins', null], ['disable_transactions', false], ['type', 'duckdb'], ['threads', 1n],
      ['name', 'dev'], ['target_name', 'dev'], ['profile_name', 'shed'],
    ]),
  }
  const root = pack('shed', true, new Map(rootVars), [{ macro_namespace: 'hoist', search_order: ['shed', 'crane'] }])
  const crane = pack('crane', false, new Map<string, Value>([['lift', 1n], ['own', 'yes it is']]), [])
  const flag = <T>(value: T): { value: T; from: string } => ({ value, from: 'default' })
  const project = {
    root, packages: new Map([['shed', root], ['crane', crane]]), target, adapter, rules: { name: '1.12' }, cliVars: new Map(), env: new Map([['SHED_ENV', 'from env'], ['DBT_ENV_SECRET_X', 's']]),
    flags: { fullRefresh: flag(false), storeFailures: flag(false), empty: flag(false), introspect: flag(true), staticParser: flag(true), versionCheck: flag(true), indirectSelection: flag('eager') },
    targetPath: '/shed/target', packagesInstallPath: '/shed/dbt_packages', profilesPath: null, problems: [],
  } as unknown as Project
  const files = [macroFile('shed', 'macros/helpers.sql'), macroFile('crane', 'macros/crane.sql'), macroFile('shed', 'tests/generic/close_to.sql', 'generic-test')]
  return { project, macros: macroIndex(files, 'shed', adapter, internal), dbtVersion: '1.12.6' }
}

function pack(name: string, isRoot: boolean, vars: ReadonlyMap<string, Value>, dispatch: Package['dispatch']): Package {
  return { name, isRoot, vars, dispatch, quoting: new Map(), root: isRoot ? '/shed' : `/shed/dbt_packages/${name}` } as unknown as Package
}

export function draftOf(name: string, text: string, changes: Partial<NodeDraft> = {}): NodeDraft {
  return {
    unique_id: `model.shed.${name}`, resource_type: 'model', name, package_name: 'shed', path: `${name}.sql`, original_file_path: `models/${name}.sql`, fqn: ['shed', name], language: 'sql', version: null,
    raw_code: text, file: `/shed/models/${name}.sql`, offset: 0, config: new Map<string, Value>([['materialized', 'view'], ['enabled', true]]), database: 'shed', schema: 'shed_dev', alias: name,
    model: new Map(), testKwargs: null, ...changes,
  }
}
