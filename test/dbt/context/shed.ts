// The fixture project `shed` as a World, put together by hand: macros from its files, facts of dbt_project.yml and the profile as values.

import { readFileSync } from 'node:fs'
import { adapterOf } from '../../../server/dbt/adapters/adapters.ts'
import { macroIndex } from '../../../server/dbt/context/macros.ts'
import type { MacroFile } from '../../../server/dbt/context/macro-files.ts'
import { draftDict } from '../../../server/dbt/context/draft-dict.ts'
import { makeEphemeral, makeRelation } from '../../../server/dbt/context/relation.ts'
import type { Answer, InternalMacros, NodeDraft, RunContext, World } from '../../../server/dbt/context/types.ts'
import { chooseRules } from '../../../server/dbt/rules/choose.ts'
import type { Package, Project } from '../../../server/dbt/project/types.ts'
import { PyDict, PyList } from '../../../server/jinja/value.ts'
import type { Value } from '../../../server/jinja/value.ts'

const RULES = chooseRules({ setting: '1.12', installedVersion: null, requireDbtVersion: [], stateVersion: null })
const SHED = new URL('../../fixtures/projects/shed/', import.meta.url)

function read(path: string): string { return readFileSync(new URL(path, SHED), 'utf8') }

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
    profileName: 'shed', name: 'dev', names: ['dev'], type: 'duckdb', database: 'shed', schema: 'shed_dev', threads: 1, databaseFile: '/shed/shed.duckdb', attached: [],
    context: new Map<string, Value>([
      ['database', 'shed'], ['schema', 'shed_dev'], ['path', 'shed.duckdb'], ['config_options', null], ['extensions', null], ['settings', new PyDict()], ['external_root', '.'],
      ['use_credential_provider', null], ['attach', null], ['filesystems', null], ['remote', null], ['plugins', null], ['disable_transactions', false], ['type', 'duckdb'], ['threads', 1n],
      ['name', 'dev'], ['target_name', 'dev'], ['profile_name', 'shed'],
    ]),
  }
  const root = pack('shed', true, new Map(rootVars), [{ macro_namespace: 'hoist', search_order: ['shed', 'crane'] }])
  const crane = pack('crane', false, new Map<string, Value>([['lift', 1n], ['own', 'yes it is']]), [])
  const project = {
    root, packages: new Map([['shed', root], ['crane', crane]]), target, adapter, rules: RULES, cliVars: new Map(), env: new Map([['SHED_ENV', 'from env'], ['DBT_ENV_SECRET_X', 's']]),
    flags: { fullRefresh: flag(false), storeFailures: flag(false), empty: flag(false), introspect: flag(true), staticParser: flag(false), versionCheck: flag(true), indirectSelection: flag('eager') },
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

const NODES: ReadonlyMap<string, Partial<NodeDraft>> = new Map<string, Partial<NodeDraft>>([
  ['model.shed.plain', { name: 'plain' }],
  ['model.shed.named', { name: 'named', schema: 'shed_dev_extra', alias: 'other', config: new Map<string, Value>([['materialized', 'table'], ['alias', 'other'], ['schema', 'extra'], ['custom', new PyList([1n, 'a'])], ['meta', new PyDict([['owner', 'me']])]]) }],
  ['model.crane.hook', { name: 'hook', package_name: 'crane', alias: 'hook_crane', fqn: ['crane', 'hook'] }],
  ['test.shed.single', { name: 'single', resource_type: 'test', schema: 'shed_dev_dbt_test__audit', path: 'single.sql', original_file_path: 'tests/single.sql' }],
  ['snapshot.shed.snap', { name: 'snap', resource_type: 'snapshot', schema: 'snaps', fqn: ['shed', 'snap', 'snap'], original_file_path: 'snapshots/snap.sql' }],
])

const NULLS: readonly string[] = ['database', 'group', 'static_analysis', 'incremental_strategy', 'batch_size', 'begin', 'full_refresh', 'unique_key', 'event_time', 'concurrent_batches', 'freshness', 'on_error', 'alias', 'schema', 'where']

/** A node of the project as it stands after parsing, with another text. */
export function shedDraft(id: string, text: string): NodeDraft {
  const changes = NODES.get(id) ?? {}
  const name = changes.name ?? ''
  const type = changes.resource_type ?? 'model'
  const base: [string, Value][] = NULLS.map(key => [key, null])
  const config = new Map<string, Value>([
    ...base, ['enabled', true], ['materialized', type === 'test' ? 'test' : type === 'snapshot' ? 'snapshot' : 'view'], ['tags', new PyList(name === 'plain' ? ['t1'] : [])], ['meta', new PyDict()], ['persist_docs', new PyDict()],
    ['docs', new PyDict([['show', true], ['node_color', null]])], ['contract', new PyDict([['enforced', false], ['alias_types', true]])], ['post-hook', new PyList([])],
    ['pre-hook', new PyList(name === 'named' ? [new PyDict([['sql', 'select 1'], ['transaction', true]])] : [])],
    ...(type === 'test' ? [['severity', 'ERROR'] as [string, Value]] : []), ...(type === 'snapshot' ? [['strategy', 'check'], ['unique_key', 'id'], ['target_schema', 'snaps']] as [string, Value][] : []), ...(changes.config ?? []),
  ])
  return draftOf(name, text, { ...changes, unique_id: id, config, fqn: changes.fqn ?? ['shed', name], original_file_path: changes.original_file_path ?? `models/${name}.sql` })
}

/** What dbt's manifest of the project answers while it compiles, with nothing built. */
export function shedRun(world: World, draft: NodeDraft): RunContext {
  const { adapter, root } = world.project
  const relation = (schema: string, identifier: string, quoting: ReadonlyMap<string, boolean> = root.quoting): Answer => ({ kind: 'value', value: makeRelation(adapter, { database: 'shed', schema, identifier }, { quoting }) })
  const title = draft.resource_type[0]?.toUpperCase() + draft.resource_type.slice(1)
  const missing = (kind: string, name: string, inPackage: string | null): Answer => fail(`${title} '${draft.unique_id}' (${draft.original_file_path}) depends on a ${kind} named '${name}' ${inPackage === null ? '' : `in package or project '${inPackage}' `}which was not found`)
  const infer = (name: string): Answer => fail(`dbt was unable to infer all dependencies for the model "${draft.name}".\nThis typically happens when ref() is placed within a conditional block.\n\nTo fix this, add the following hint to the top of the model "${draft.name}":\n\n-- depends_on: {{ ref('${name}') }}`)
  const dependsOn = draft.name === 'named' ? ['plain', 'tiny'] : draft.name === 'single' || draft.name === 'snap' ? ['plain'] : []
  return {
    model: () => draftDict({ ...draft, model: new Map<string, Value>(draft.name === 'named' ? [
      ['meta', new PyDict([['owner', 'me']])], ['refs', new PyList([new PyDict([['name', 'plain']]), new PyDict([['name', 'tiny']])])], ['sources', new PyList([new PyList(['raw', 'rows'])])],
      ['depends_on', new PyDict([['macros', new PyList([])], ['nodes', new PyList(['source.shed.raw.rows', 'model.shed.plain', 'model.shed.tiny'])]])]] : []) }, RULES),
    config: draft.config, this: makeRelation(adapter, { database: draft.database, schema: draft.schema, identifier: draft.alias }, { quoting: root.quoting }),
    graph: () => new PyDict([
      ['nodes', new PyDict(['plain', 'tiny', 'named', 'hook'].map(name => [`model.${name === 'hook' ? 'crane' : 'shed'}.${name}`, new PyDict([['name', name], ['resource_type', 'model'], ['config', new PyDict([['materialized', 'view']])]])]))],
      ['sources', new PyDict([['source.shed.raw.rows', new PyDict([['name', 'rows']])]])],
    ]),
    resolveRef: ({ name, package: packageName }) => {
      if (packageName !== null && packageName !== 'shed' && packageName !== 'crane') return missing('node', name, packageName)
      if (!['plain', 'tiny', 'named', 'hook'].includes(name)) return missing('node', name, packageName)
      if (!dependsOn.includes(name)) return infer(name)
      return name === 'tiny' ? { kind: 'value', value: makeEphemeral(adapter, 'tiny') } : relation('shed_dev', name)
    },
    resolveSource: (source, table) => source === 'raw' && table === 'rows' ? relation('raw_dev', 'rows', new Map([['identifier', false]])) : missing('source', `${source}.${table}`, null),
    resolveFunction: name => missing('function', name, null),
    resolveMetric: name => missing('metric', name, null),
    relation: () => ({ kind: 'value', value: null }),
    columns: () => ({ kind: 'value', value: new PyList([]) }),
    flags: new Map(), selectedResources: null, extra: new Map(),
  }
}

function flag<T>(value: T): { value: T; from: string } { return { value, from: 'default' } }

function fail(message: string): Answer { return { kind: 'error', code: 'ref-not-found', message } }
